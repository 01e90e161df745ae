import type { BreakerRule, BulkheadRule } from '@millrace/shared'
import type { WorkerConfig } from '../config.ts'

/** What holds where neither the resource nor the task says anything. The numbers themselves are in config.ts. */
export type PolicyDefaults = Pick<
  WorkerConfig,
  | 'concurrency'
  | 'breakerFailures'
  | 'breakerHalfOpenAfterMs'
  | 'breakerMaxHalfOpenAfterMs'
  | 'bulkhead'
  | 'resourceTimeoutMs'
>

/** A breaker rule with everything filled in. */
export interface FullBreakerRule {
  readonly count:
    | { readonly kind: 'consecutive'; readonly failures: number }
    | Extract<BreakerRule['count'], { readonly kind: 'sampling' }>
  readonly halfOpenAfterMs: number
  readonly maxHalfOpenAfterMs: number
}

export function fullBreakerRule(rule: BreakerRule | undefined, defaults: PolicyDefaults): FullBreakerRule {
  const count = rule?.count ?? { kind: 'consecutive', failures: undefined }
  const halfOpenAfterMs = rule?.halfOpenAfterMs ?? defaults.breakerHalfOpenAfterMs
  return {
    count: count.kind === 'sampling' ? count : { ...count, failures: count.failures ?? defaults.breakerFailures },
    halfOpenAfterMs,
    maxHalfOpenAfterMs: Math.max(halfOpenAfterMs, rule?.maxHalfOpenAfterMs ?? defaults.breakerMaxHalfOpenAfterMs),
  }
}

/** A resource that hangs leaves the other half of the worker's slots to everybody else. */
export const halfOf = (slots: number): number => Math.ceil(slots / 2)

export const defaultBulkhead = ({ bulkhead, concurrency }: PolicyDefaults): BulkheadRule => ({
  limit: bulkhead ?? halfOf(concurrency.max),
  queue: 0,
})

/** Milliseconds from the n-th opening in a row to its probe. */
export const halfOpenDelay = (openings: number, { halfOpenAfterMs, maxHalfOpenAfterMs }: FullBreakerRule): number =>
  Math.min(maxHalfOpenAfterMs, halfOpenAfterMs * 2 ** (openings - 1))

/**
 * How long a job waits for an open breaker when nobody calls it. It is called: one job as the probe, and all when the breaker
 * closes. So this is only for a pool that lost all its workers; it is long enough that no job is fetched in vain again as
 * long as the outage is not longer, and spread so that jobs do not return together.
 *
 * @param random from 0 to 1.
 */
export const breakerParkMs = (halfOpenInMs: number, { maxHalfOpenAfterMs }: FullBreakerRule, random: number): number =>
  (Number.isFinite(halfOpenInMs) ? halfOpenInMs : 0) + maxHalfOpenAfterMs * (1 + random)

/**
 * A probe that fails has cost its job nothing, so often in a row: that the resource is still down is not the job's fault. After
 * that, more than an hour with the defaults, it costs an attempt, so that a job that fails whatever the resource does ends.
 */
export const FREE_PROBES = 10

const [FIRST_WAIT_MS, LONGEST_WAIT_MS] = [10_000, 300_000]

/**
 * How long a job waits for a full bulkhead when nobody calls it: whoever leaves calls the next one.
 *
 * @param starts how often the job was taken without an attempt being spent; 1 the first time.
 * @param random from 0 to 1.
 */
export const bulkheadParkMs = (starts: number, random: number): number =>
  Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (Math.max(1, starts) - 1)) * (0.5 + random)
