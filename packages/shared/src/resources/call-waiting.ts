import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const callScript = readScript<number>(new URL('./call-waiting.lua', import.meta.url))

/** Entries looked at by one call: about 5 ms of Redis. */
const ENTRIES_PER_CALL = 200

/**
 * Sends jobs that wait for a slot of a resource, and then those that waited for its breaker, back to their queues; the most
 * urgent first, none while the breaker is open.
 *
 * @returns how many were sent back; fewer than `most`, at most 200, when no more wait.
 */
export const callWaiting = (client: Redis, keys: PoolKeys, name: string, most: number): Promise<number> =>
  callScript(
    client,
    [keys.breakers, keys.lot(`bulkhead/${name}`), keys.lot(`breaker/${name}`), keys.lots],
    [keys.prefix, name, most, ENTRIES_PER_CALL],
  )
