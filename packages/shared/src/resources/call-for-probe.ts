import type { Redis } from 'ioredis'
import { unparkOne } from '../parking/unpark.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { CALL_AGAIN_AFTER_MS, takeProbe } from './breakers.ts'

/**
 * Calls one of the jobs that wait for a breaker back, once it is half-open and nobody probes: it will be the probe, while all
 * others stay where they are. Every worker may call at the same time; one job comes, and another one after each probe that
 * failed: a job that fails whatever the resource does must not be the only one that is asked.
 */
export async function callForProbe(client: Redis, keys: PoolKeys, name: string): Promise<boolean> {
  const { answer, state } = await takeProbe(client, keys, name)
  if (answer !== 'granted' || !state) return false
  const called = await unparkOne(client, keys, `breaker/${name}`, state.openings - 1)
  if (called) await client.set(keys.breakerCall(name), `${state.openedAt} ${called}`, 'PX', CALL_AGAIN_AFTER_MS, 'XX')
  else await client.del(keys.breakerCall(name)) // nobody waits: whoever comes may be the probe
  return called !== undefined
}
