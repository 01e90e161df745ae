import { createHash } from 'node:crypto'

export interface RetryLimits {
  readonly delayMs: number
  readonly maxDelayMs: number
}

/** No delay is longer than this many times the one before. */
const GROWTH = 3

/** A number from 0 (included) to 1 (excluded) for the n-th delay of a job, n from 1. */
export type Randomness = (n: number) => number

/**
 * How long a job waits after its attempt number `failed`: capped exponential growth with decorrelated jitter, each
 * delay drawn from between the base and three times the one before. Jobs that failed together come back apart.
 *
 * A delay depends on the one before, but nobody keeps that: BullMQ forgets a job's delay when it is over, and the next
 * attempt may run on another worker. So the chain is drawn again from the start, and `random` must give the same number
 * for the same n; see {@link randomOf}.
 *
 * @returns whole milliseconds, from min(delayMs, maxDelayMs) to maxDelayMs.
 *
 * Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
export function delayAfter(failed: number, { delayMs, maxDelayMs }: RetryLimits, random: Randomness): number {
  let delay = delayMs
  for (let n = 1; n <= failed; n++) {
    delay = Math.min(maxDelayMs, delayMs + random(n) * (delay * GROWTH - delayMs))
  }
  return Math.round(delay)
}

/** Randomness that is the same for the same job and different for every other: a hash of its id and the number. */
export function randomOf(jobId: string): Randomness {
  return (n) => createHash('sha1').update(`${jobId}\n${n}`).digest().readUInt32BE(0) / 2 ** 32
}
