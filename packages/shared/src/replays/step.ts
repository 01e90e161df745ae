import type { Redis } from 'ioredis'
import { type ReplayOutcome, replayDeadLetter } from '../dead-letters/replay.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { ENDS_FOR_A_SHARE } from './stop-rule.ts'

const stepScript = readScript<string[]>(new URL('./step.lua', import.meta.url))

/** A letter in hand for longer lost its worker. */
const STALE_MS = 2_000
/** How long the record of a replay is kept when all is over. */
const KEEP_MS = 30 * 86_400_000

/** A letter that was in hand, and what became of it. */
export type Settled = readonly [entry: string, outcome: ReplayOutcome]

/**
 * Moves a paced replay on by one step: hands in what became of the letters of the step before, and replays those that are
 * due. Whoever steps, and however often or never to the end: each letter is replayed once.
 *
 * @returns what is to be handed in with the next step; when that never comes, another step finds out by itself.
 */
export async function stepReplay(
  client: Redis,
  keys: PoolKeys,
  id: string,
  settled: readonly Settled[] = [],
): Promise<Settled[]> {
  const target = [
    keys.paced(id),
    ...(['letters', 'hand', 'sent'] as const).map((part) => keys.pacedPart(id, part)),
    keys.pacedOpen,
  ]
  const args = [keys.prefix, id, STALE_MS, KEEP_MS, ENDS_FOR_A_SHARE, ...settled.flat()]
  const due = await stepScript(client, target, args)
  const outcomes = await Promise.allSettled(
    due.map(async (entry): Promise<Settled> => {
      const [letter = '', score = ''] = entry.split('\n')
      return [entry, await replayDeadLetter(client, keys, letter, Date.now, { behalf: id, score })]
    }),
  )
  return outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []))
}
