import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const discardScript = readScript<number[]>(new URL('./discard.lua', import.meta.url))

const LETTERS_PER_CALL = 200

/** Removes dead letters; their jobs stay dead. Gives the ids that were removed, without those that were gone already. */
export async function discardDeadLetters(client: Redis, keys: PoolKeys, ids: readonly string[]): Promise<string[]> {
  const removed: string[] = []
  for (let from = 0; from < ids.length; from += LETTERS_PER_CALL) {
    const page = ids.slice(from, from + LETTERS_PER_CALL)
    const target = [
      keys.queue(DEAD_LETTERS, 'prioritized'),
      keys.replays,
      ...page.map((id) => keys.job(DEAD_LETTERS, id)),
    ]
    const replies = await discardScript(client, target, page)
    removed.push(...page.filter((_, index) => replies[index] === 1))
  }
  return removed
}
