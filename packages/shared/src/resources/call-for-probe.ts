import type { Redis } from 'ioredis'
import { unparkJobs } from '../parking/unpark.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { takeProbe } from './breakers.ts'

/** A job that was called and does not come, because its queue is long or paused, is followed by another after so long. */
const CALL_AGAIN_AFTER_MS = 5_000

/**
 * Calls one of the jobs that wait for a breaker back, once it is half-open and nobody probes: it will be the probe, while all
 * others stay where they are. Every worker may call at the same time; one job comes.
 */
export async function callForProbe(client: Redis, keys: PoolKeys, name: string): Promise<boolean> {
  const { answer, state } = await takeProbe(client, keys, name)
  if (answer !== 'granted' || !state) return false
  const first = await client.set(keys.breakerCall(name, state.openedAt), '1', 'PX', CALL_AGAIN_AFTER_MS, 'NX')
  return first === 'OK' && (await unparkJobs(client, keys, `breaker/${name}`, 1)) === 1
}
