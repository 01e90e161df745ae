import type { Redis } from 'ioredis'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Json } from '../workflow/json.ts'
import type { LockedJob } from './spawn.ts'

const progressScript = readScript<number>(new URL('./progress.lua', import.meta.url))

/**
 * Notes how far an attempt is: 0 to 1, or any plain data.
 *
 * @throws MillraceError MILLRACE_LOCK_LOST when the job is no longer ours; nothing is written then.
 */
export async function reportProgress(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  progress: Json,
): Promise<void> {
  const id = job.id as string
  const key = keys.job(job.queueName, id)
  const target = [key, `${key}:lock`, keys.queue(job.queueName, 'events'), keys.queue(job.queueName, 'meta')]
  const code = await progressScript(client, target, [id, token, JSON.stringify(progress)])
  if (code === 0) return
  throw new MillraceError('MILLRACE_LOCK_LOST', `Job ${id} is no longer ours: its lock expired or was taken.`)
}
