import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { MAX_BOOST_MS, MAX_LATE_MS, offsetOf, QUANTUM_MS } from '../scheduling/number.ts'
import { LEVELS, type Level } from '../workflow/states.ts'

const depthScript = readScript<[count: number, wait: number, seen: number[], since: number[]]>(
  new URL('./queue-depth.lua', import.meta.url),
)

/** Places that all queues together may have looked at: about 40 ms of Redis in several calls. */
const PLACES = 6_000
const [FEWEST_PER_QUEUE, MOST_PER_QUEUE] = [50, 500]

/** The jobs of a queue that could run, by level. */
export interface QueueDepth {
  readonly total: number
  readonly levels: Readonly<Record<Level, number>>
  /** When the first job of the level could have run, ms since 1970; `undefined` when none was met. */
  readonly since: Readonly<Partial<Record<Level, number>>>
}

/** How many places of each queue are looked at when there are so many queues. */
export const placesPerQueue = (queues: number): number =>
  Math.max(FEWEST_PER_QUEUE, Math.min(MOST_PER_QUEUE, Math.floor(PLACES / Math.max(1, queues))))

/** What boosts and lateness may take of a number: with this much less than its offset, a job still is of the level. */
const SLACK = (MAX_BOOST_MS + MAX_LATE_MS) / QUANTUM_MS + 100

/** The least that the number of a job of each level can be beyond the turn of its workflow, the most urgent first. */
export const LEVEL_FLOORS: readonly number[] = LEVELS.map((level) => Math.ceil(offsetOf(level) - SLACK))

/** Jobs by level: exact while `places` suffice; beyond that, a level has its share of the places. */
export async function readQueueDepth(
  client: Redis,
  keys: PoolKeys,
  queue: string,
  places: number,
): Promise<QueueDepth> {
  const [count, wait, seen, since] = await depthScript(
    client,
    [keys.queue(queue, 'prioritized'), keys.queue(queue, 'wait')],
    [keys.prefix, queue, places, QUANTUM_MS, ...LEVEL_FLOORS],
  )
  const total = count + wait
  const shares = apportion(total, seen)
  return {
    total,
    levels: Object.fromEntries(LEVELS.map((level, index) => [level, shares[index] ?? 0])) as Record<Level, number>,
    since: Object.fromEntries(LEVELS.flatMap((level, index) => (since[index] ? [[level, since[index]]] : []))),
  }
}

/**
 * Divides `total` in the proportions of `parts`, in whole numbers that sum up to it: by largest remainder, so that nobody
 * is more than one away from its share. Where nothing is known, all of it is in the middle.
 */
export function apportion(total: number, parts: readonly number[]): number[] {
  const sum = parts.reduce((sum, part) => sum + part, 0)
  if (sum === 0) return parts.map((_, index) => (index === Math.floor(parts.length / 2) ? total : 0))
  const exact = parts.map((part) => (part * total) / sum)
  const shares = exact.map(Math.floor)
  const left = total - shares.reduce((sum, share) => sum + share, 0)
  const byRemainder = exact.map((share, index) => ({ index, rest: share % 1 })).toSorted((a, b) => b.rest - a.rest)
  for (const { index } of byRemainder.slice(0, left)) (shares[index] as number)++
  return shares
}
