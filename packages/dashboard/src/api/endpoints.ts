import { DEAD_LETTER_ENDPOINTS } from './dead-letters.ts'
import type { Endpoint } from './endpoint.ts'
import { POOL_ENDPOINTS } from './pool.ts'
import { REPLAY_ENDPOINTS } from './replays.ts'
import { WHY_ENDPOINTS } from './why.ts'
import { WORKFLOW_ENDPOINTS } from './workflows.ts'

/** Every address of the API that asks once and is answered once. */
export const ENDPOINTS: readonly Endpoint[] = [
  ...WORKFLOW_ENDPOINTS,
  ...WHY_ENDPOINTS,
  ...DEAD_LETTER_ENDPOINTS,
  ...REPLAY_ENDPOINTS,
  ...POOL_ENDPOINTS,
]

export const API = '/api/v1'
