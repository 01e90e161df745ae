import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const cancelScript = readScript<number>(new URL('./cancel.lua', import.meta.url))

const JOBS_PER_CALL = 500

/**
 * Ends a workflow: nothing more is released, what waits ends as cancelled, and what runs is told to stop. One that has
 * ended already stays as it is.
 *
 * @returns false when there is no such workflow.
 */
export async function cancelWorkflow(
  client: Redis,
  keys: PoolKeys,
  id: string,
  now: () => number = Date.now,
): Promise<boolean> {
  let next = 0
  while (next >= 0) {
    const target = [keys.workflow(id), keys.jobs(id), keys.cancels, keys.orders]
    next = await cancelScript(client, target, [keys.prefix, now(), id, next, JOBS_PER_CALL])
  }
  return next === -1
}
