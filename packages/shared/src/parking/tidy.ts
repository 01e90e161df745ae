import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const tidyScript = readScript<[dropped: number, next: number]>(new URL('./tidy.lua', import.meta.url))

/** Entries looked at by one call: less than a millisecond of Redis. */
const ENTRIES_PER_CALL = 200

/**
 * Drops from all lots what has come back by itself. Entries of jobs that still wait stay.
 *
 * @returns how many were dropped.
 */
export async function tidyLots(client: Redis, keys: PoolKeys): Promise<number> {
  let dropped = 0
  for (const lot of await client.hkeys(keys.lots)) {
    let from = 0
    do {
      const target = [keys.lot(lot), keys.lots]
      const [stale, next] = await tidyScript(client, target, [keys.prefix, lot, from, ENTRIES_PER_CALL])
      dropped += stale
      from = next
    } while (from > 0)
  }
  return dropped
}
