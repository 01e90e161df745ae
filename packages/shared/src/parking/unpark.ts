import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const unparkScript = readScript<[sent: number, left: number]>(new URL('./unpark.lua', import.meta.url))

/** Entries looked at by one call: about 5 ms of Redis. */
const ENTRIES_PER_CALL = 200

/**
 * Sends jobs of a lot back to their queues, the most urgent first; each has the place that it had before.
 *
 * @param most default: all that are there now.
 * @param skip passes over so many, as often as there are that many: to call another one each time.
 * @returns how many were sent back.
 */
export async function unparkJobs(
  client: Redis,
  keys: PoolKeys,
  lot: string,
  most = Number.POSITIVE_INFINITY,
  skip = 0,
): Promise<number> {
  let sent = 0
  let entries = await client.zcard(keys.lot(lot))
  const from = entries > 0 ? skip % entries : 0
  while (entries > 0 && sent < most) {
    const wanted = Math.min(most - sent, ENTRIES_PER_CALL)
    const [more, left] = await unparkScript(
      client,
      [keys.lot(lot), keys.lots],
      [keys.prefix, lot, wanted, ENTRIES_PER_CALL, from],
    )
    sent += more
    entries = Math.min(entries - ENTRIES_PER_CALL, left)
  }
  return sent
}
