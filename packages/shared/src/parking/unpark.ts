import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const unparkScript = readScript<[sent: number, left: number, last: string]>(new URL('./unpark.lua', import.meta.url))

/** Entries looked at by one call: about 5 ms of Redis. */
const ENTRIES_PER_CALL = 200

/**
 * Sends jobs of a lot back to their queues, the most urgent first; each has the place that it had before.
 *
 * @param most default: all that are there now.
 * @returns how many were sent back.
 */
export async function unparkJobs(
  client: Redis,
  keys: PoolKeys,
  lot: string,
  most = Number.POSITIVE_INFINITY,
): Promise<number> {
  let sent = 0
  // without a limit, jobs that are parked again meanwhile must not keep this going
  let entries = Number.isFinite(most) ? most + ENTRIES_PER_CALL : await client.zcard(keys.lot(lot))
  while (entries > 0 && sent < most) {
    const wanted = Math.min(most - sent, ENTRIES_PER_CALL)
    const [more, left] = await unparkScript(
      client,
      [keys.lot(lot), keys.lots],
      [keys.prefix, lot, wanted, ENTRIES_PER_CALL, 0],
    )
    sent += more
    entries = Math.min(entries - ENTRIES_PER_CALL, left)
  }
  return sent
}

/**
 * Sends one job of a lot back to its queue.
 *
 * @param skip passes over so many, as often as there are that many: to call another one each time.
 * @returns `<queue>:<job id>`, if one was there.
 */
export async function unparkOne(client: Redis, keys: PoolKeys, lot: string, skip: number): Promise<string | undefined> {
  const entries = await client.zcard(keys.lot(lot))
  if (entries === 0) return undefined
  const args = [keys.prefix, lot, 1, ENTRIES_PER_CALL, skip % entries]
  const [, , last] = await unparkScript(client, [keys.lot(lot), keys.lots], args)
  return last === '' ? undefined : last
}
