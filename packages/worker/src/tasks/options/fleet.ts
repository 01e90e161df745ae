import { show } from './problems.ts'
import type { OptionReader } from './reader.ts'

/** The beginnings within `per` are kept one by one, so that no stretch of time ever has more than `max`. */
const MOST_PER = 10_000
const MOST_AT_ONCE = 10_000
const SHORTEST_PER_MS = 100

/** How many attempts begin, and how many run, over all workers together. */
export const fleet: OptionReader<'limit' | 'concurrency'> = {
  fields: ['limit', 'concurrency'],
  read({ limit, concurrency }, problems) {
    if (concurrency !== undefined) problems.whole('concurrency', concurrency, 1, MOST_AT_ONCE)
    if (limit === undefined) return { limit: undefined, concurrency }
    if (typeof limit !== 'object' || limit === null) {
      problems.check(false, () => `limit is ${show(limit)}; write { max: 10, per: '1s' }`)
      return { limit: undefined, concurrency }
    }
    problems.whole('limit.max', limit.max, 1, MOST_PER)
    const perMs = problems.duration('limit.per', limit.per, SHORTEST_PER_MS)
    return { limit: Object.freeze({ max: limit.max, perMs }), concurrency }
  },
}
