import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { WORKFLOW_STATES, type WorkflowState } from '../workflow/states.ts'
import type { PoolCounts } from './views.ts'

/** How many workflows are in which state, and how many dead letters there are. Cost: a few counters in one round trip. */
export async function readPoolCounts(client: Redis, keys: PoolKeys): Promise<PoolCounts> {
  const [deadLetters, ...workflows] = await Promise.all([
    client.zcard(keys.queue(DEAD_LETTERS, 'prioritized')),
    ...WORKFLOW_STATES.map((state) => client.zcard(keys.index(state))),
  ])
  const entries = WORKFLOW_STATES.map((state, index) => [state, workflows[index] ?? 0])
  return { workflows: Object.fromEntries(entries) as Record<WorkflowState, number>, deadLetters }
}
