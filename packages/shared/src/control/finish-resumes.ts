import type { Redis } from 'ioredis'
import { unparkJobs } from '../parking/unpark.ts'
import type { PoolKeys } from '../redis/keys.ts'

/**
 * How long a lot is looked at after it was resumed: a worker that was cut off at that moment may still have put jobs
 * there, but within this time it knows better, or its locks are gone.
 */
const LATE_PARKING_MS = 60_000

/**
 * Calls back what is still in the lots of what was resumed, and forgets the pauses of workflows that have ended. The
 * sweeper does this.
 *
 * @returns how many jobs were called back.
 */
export async function finishResumes(client: Redis, keys: PoolKeys, now: number = Date.now()): Promise<number> {
  let called = 0
  const resumes = await client.zrange(keys.resumes, '0', '-1', 'WITHSCORES')
  for (let i = 0; i < resumes.length; i += 2) {
    const lot = resumes[i] as string
    called += await unparkJobs(client, keys, lot)
    if (Number(resumes[i + 1]) < now - LATE_PARKING_MS) await client.zrem(keys.resumes, lot)
  }
  for (const lot of await client.hkeys(keys.pauses)) {
    if (!lot.startsWith('workflow/')) continue
    const state = await client.hget(keys.workflow(lot.slice('workflow/'.length)), 'state')
    if (state === 'running' || state === 'loading' || state === 'failed') continue
    await client.hdel(keys.pauses, lot)
    await unparkJobs(client, keys, lot) // nothing is left of its jobs: only the lot goes
  }
  return called
}
