import type { Redis } from 'ioredis'
import { DEPENDENTS_PER_CALL } from '../engine/pack.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const reconcileScript = readScript<[number, number, number]>(new URL('./reconcile.lua', import.meta.url))

const JOBS_PER_CALL = 20

/** How many waiting jobs were mended, by what was wrong with them. */
export interface Mended {
  /** A need had ended and was still listed. */
  readonly listed: number
  /** A need had been removed behind our back; it counts as failed. */
  readonly vanished: number
  /** Nothing was left to wait for. */
  readonly undecided: number
}

/**
 * Walks all waiting jobs of the pool once, slowly, and mends those that would wait for ever because something else than
 * Millrace changed their queue: BullMQ's own remove, clean, drain or obliterate.
 *
 * Cost: one short call per 20 waiting jobs; `pause` is awaited between them.
 */
export async function reconcile(
  client: Redis,
  keys: PoolKeys,
  { now = Date.now, pause = async () => {} }: { now?: () => number; pause?: () => Promise<void> } = {},
): Promise<Mended> {
  const total = { listed: 0, vanished: 0, undecided: 0 }
  for (const queue of await client.smembers(keys.queues)) {
    if (queue === DEAD_LETTERS) continue
    let cursor = '0'
    do {
      const [next, flat] = await client.zscan(keys.queue(queue, 'waiting-children'), cursor, 'COUNT', JOBS_PER_CALL)
      cursor = next
      const suffixes = flat.filter((_, index) => index % 2 === 0).map((id) => `${queue}:${id}`)
      if (suffixes.length > 0) {
        const args = [keys.prefix, now(), DEPENDENTS_PER_CALL, ...suffixes]
        const [listed, vanished, undecided] = await reconcileScript(client, [keys.residue, keys.replays], args)
        total.listed += listed
        total.vanished += vanished
        total.undecided += undecided
        await pause()
      }
    } while (cursor !== '0')
  }
  return total
}
