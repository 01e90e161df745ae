import type { Redis } from 'ioredis'
import { DEPENDENTS_PER_CALL } from '../engine/pack.ts'
import { workOffResidue } from '../engine/residue.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const discardScript = readScript<number[]>(new URL('./discard.lua', import.meta.url))

const LETTERS_PER_CALL = 200

/**
 * Removes dead letters; their jobs stay dead, and what was held for a replay of them is skipped. Gives the ids that were
 * removed, without those that were gone already.
 */
export async function discardDeadLetters(
  client: Redis,
  keys: PoolKeys,
  ids: readonly string[],
  now: () => number = Date.now,
): Promise<string[]> {
  const removed: string[] = []
  for (let from = 0; from < ids.length; from += LETTERS_PER_CALL) {
    const page = ids.slice(from, from + LETTERS_PER_CALL)
    const target = [
      keys.queue(DEAD_LETTERS, 'prioritized'),
      keys.replays,
      ...page.map((id) => keys.job(DEAD_LETTERS, id)),
    ]
    const replies = await discardScript(client, target, [keys.prefix, now(), DEPENDENTS_PER_CALL, ...page])
    if ((replies[page.length] ?? 0) > 0) await workOffResidue(client, keys, now)
    removed.push(...page.filter((_, index) => replies[index] === 1))
  }
  return removed
}
