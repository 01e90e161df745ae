import type { BreakerOptions, BreakerRule, BulkheadOptions, BulkheadRule } from '@millrace/shared'
import { NAME } from './identity.ts'
import { type Problems, show } from './problems.ts'
import type { OptionReader } from './reader.ts'

const MOST = 10_000
/** A window of the sampling breaker cannot be longer; cockatiel keeps one entry per second. */
const LEAST_WINDOW_MS = 100

/** The resources that a task uses, and the breaker and bulkhead of its own. */
export const protection: OptionReader<'uses' | 'breaker' | 'bulkhead'> = {
  fields: ['uses', 'breaker', 'bulkhead'],
  read({ uses = [], breaker = false, bulkhead = false }, problems) {
    const named = Array.isArray(uses) && uses.every((name) => typeof name === 'string' && NAME.test(name))
    problems.check(named, () => `uses is ${show(uses)}; give a list of names of resources, such as ["stripe"]`)
    return {
      uses: Object.freeze(named ? [...new Set(uses)] : []),
      breaker: readBreaker(breaker, problems),
      bulkhead: readBulkhead(bulkhead, problems),
    }
  },
}

const CONSECUTIVE = ['failures', 'halfOpenAfter', 'maxHalfOpenAfter']
const SAMPLING = ['threshold', 'duration', 'minimumRps', 'halfOpenAfter', 'maxHalfOpenAfter']

export function readBreaker(options: BreakerOptions, problems: Problems): BreakerRule | false {
  if (options === false) return false
  const given = typeof options === 'number' ? { failures: options } : options
  if (typeof given !== 'object' || given === null) {
    problems.check(false, () => `breaker is ${show(given)}; give a number of failures, an object, or false for none`)
    return false
  }
  const { halfOpenAfter, maxHalfOpenAfter } = given
  const times = {
    halfOpenAfterMs:
      halfOpenAfter === undefined ? undefined : problems.duration('breaker.halfOpenAfter', halfOpenAfter, 1),
    maxHalfOpenAfterMs:
      maxHalfOpenAfter === undefined ? undefined : problems.duration('breaker.maxHalfOpenAfter', maxHalfOpenAfter, 1),
  }
  if (!('threshold' in given)) {
    requireFields('breaker', given, CONSECUTIVE, problems)
    if (given.failures !== undefined) problems.whole('breaker.failures', given.failures, 1, MOST)
    return Object.freeze<BreakerRule>({ count: { kind: 'consecutive', failures: given.failures }, ...times })
  }
  requireFields('breaker', given, SAMPLING, problems)
  const { threshold, duration, minimumRps } = given
  problems.check(
    threshold > 0 && threshold < 1,
    () => `breaker.threshold is ${show(threshold)}; write a share above 0 and below 1`,
  )
  problems.check(minimumRps === undefined || minimumRps > 0, () => {
    return `breaker.minimumRps is ${show(minimumRps)}; write a number above 0`
  })
  const durationMs = problems.duration('breaker.duration', duration, LEAST_WINDOW_MS)
  return Object.freeze<BreakerRule>({ count: { kind: 'sampling', threshold, durationMs, minimumRps }, ...times })
}

export function readBulkhead(options: BulkheadOptions, problems: Problems): BulkheadRule | false {
  if (options === false) return false
  const given = typeof options === 'number' ? { limit: options } : options
  if (typeof given !== 'object' || given === null) {
    problems.check(false, () => `bulkhead is ${show(given)}; give a number of slots, an object, or false for none`)
    return false
  }
  requireFields('bulkhead', given, ['limit', 'queue'], problems)
  const { limit, queue = 0 } = given
  problems.whole('bulkhead.limit', limit, 1, MOST)
  problems.whole('bulkhead.queue', queue, 0, MOST)
  return Object.freeze({ limit, queue })
}

export function requireFields(of: string, given: object, fields: readonly string[], problems: Problems): void {
  for (const field of Object.keys(given)) {
    problems.check(fields.includes(field), () => `"${field}" is no field of ${of}; there are ${fields.join(', ')}`)
  }
}
