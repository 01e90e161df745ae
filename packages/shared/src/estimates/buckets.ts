/**
 * How long attempts of a task take, as counts in buckets whose bounds grow by a constant factor. Whatever a quantile says
 * is within {@link RELATIVE_ERROR} of the true value of its rank, from 1 ms up; shorter times all count as 1 ms.
 *
 * Source: C. Masson, J. E. Rim, H. K. Lee, "DDSketch: a fast and fully-mergeable quantile sketch with relative-error
 * guarantees", PVLDB 12(12), 2019.
 */
export type Buckets = ReadonlyMap<number, number>

/** 5 %: finer than run times repeat, and a year needs no more than 243 buckets. */
export const RELATIVE_ERROR = 0.05

const GROWTH = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GROWTH = Math.log(GROWTH)

/** The bucket of a time in milliseconds: bucket i holds what is longer than GROWTH^(i-1) and at most GROWTH^i. */
export const bucketOf = (ms: number): number => (ms <= 1 ? 0 : Math.ceil(Math.log(ms) / LOG_GROWTH - 1e-9))

/** The time that stands for a bucket, in milliseconds: no time in the bucket is further from it than the error allows. */
export const msOf = (bucket: number): number => (bucket === 0 ? 1 : (2 * GROWTH ** bucket) / (GROWTH + 1))

/**
 * The bucket of the value that has a share `q` of all values at or below it; `undefined` when there is none.
 *
 * @param q from 0 (the least) to 1 (the greatest).
 */
export function quantileBucket(buckets: Buckets, q: number): number | undefined {
  const sorted = [...buckets].sort(([a], [b]) => a - b)
  const total = sorted.reduce((sum, [, count]) => sum + count, 0)
  const rank = Math.max(1, Math.ceil(q * total))
  let below = 0
  for (const [bucket, count] of sorted) {
    below += count
    if (below >= rank) return bucket
  }
  return undefined
}
