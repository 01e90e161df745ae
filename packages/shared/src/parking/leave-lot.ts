import type { Redis } from 'ioredis'
import type { LockedJob } from '../engine/spawn.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const leaveScript = readScript<0 | 1>(new URL('./leave-lot.lua', import.meta.url))

/**
 * Strikes a job that runs from the lot that it was last put into: whoever is called back was struck already, but one may come
 * back by itself. Else it would be counted among those that wait, and called back while it waits for something else.
 */
export async function leaveLot(client: Redis, keys: PoolKeys, { job, token }: LockedJob): Promise<void> {
  const id = job.id as string
  await leaveScript(client, [keys.job(job.queueName, id), keys.lots], [keys.prefix, `${job.queueName}:${id}`, token])
}
