import { brokerCheck, type Check } from '@millrace/shared'
import type { Broker } from '../attempt/room.ts'

/** Where a worker stands in its life. */
export type Stage = 'starting: the engine proves itself' | 'running' | 'draining: nothing more is taken'

/** What a worker must have to be given work: Redis, and a life between its proof and its drain. */
export const readinessChecks = (client: Broker, stage: () => Stage): readonly Check[] => [
  brokerCheck(client),
  { name: 'worker', problem: () => (stage() === 'running' ? undefined : stage()) },
]
