import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const purgeScript = readScript<number>(new URL('./purge.lua', import.meta.url))

const JOBS_PER_CALL = 200

/**
 * Removes a workflow and its jobs when it ended before `before`, or was last touched before it while loading.
 *
 * @returns whether it was removed; false when it is younger, or still at work.
 */
export async function purgeWorkflow(client: Redis, keys: PoolKeys, id: string, before: number): Promise<boolean> {
  const target = [keys.workflow, keys.jobs, keys.roots, keys.vanished, keys.context, keys.chunks].map((key) => key(id))
  let reply = 1
  while (reply === 1) {
    reply = await purgeScript(client, target, [keys.prefix, id, before, JOBS_PER_CALL])
  }
  return reply === 0
}
