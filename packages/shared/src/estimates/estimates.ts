import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { msOf, quantileBucket } from './buckets.ts'
import { KEEP_MS } from './measure.ts'

/** What the pool has measured of a task. Times in milliseconds, of attempts that succeeded, each within 5 %. */
export interface TaskEstimate {
  /** Attempts that succeeded, among the last one or two thousand. */
  readonly samples: number
  /** Attempts of the same time that were cut off at their limit. */
  readonly timeouts: number
  readonly medianMs: number
  readonly p90Ms: number
  readonly p99Ms: number
  readonly mostMs: number
  /** When it was last added to, ms since 1970. */
  readonly at: number
}

/** As measure.lua writes it; the quantiles are buckets, absent when no attempt has succeeded. */
interface Stored {
  readonly samples: number
  readonly timeouts: number
  readonly p50?: number
  readonly p90?: number
  readonly p99?: number
  readonly most?: number
  readonly at: number
}

/** Everything measured, by task: one round trip. Forgets tasks that have not run for 30 days. */
export async function readEstimates(
  client: Redis,
  keys: PoolKeys,
  now: number = Date.now(),
): Promise<ReadonlyMap<string, TaskEstimate>> {
  const estimates = new Map<string, TaskEstimate>()
  const old: string[] = []
  for (const [task, text] of Object.entries(await client.hgetall(keys.estimates))) {
    const { samples, timeouts, p50 = 0, p90 = 0, p99 = 0, most = 0, at } = JSON.parse(text) as Stored
    if (now - at > KEEP_MS) old.push(task)
    else {
      estimates.set(task, {
        samples,
        timeouts,
        medianMs: round(msOf(p50)),
        p90Ms: round(msOf(p90)),
        p99Ms: round(msOf(p99)),
        mostMs: round(msOf(most)),
        at,
      })
    }
  }
  if (old.length > 0) await client.hdel(keys.estimates, ...old)
  return estimates
}

/** How long an attempt of each task usually takes, in milliseconds: the median of those that succeeded. One round trip. */
export async function taskEstimates(client: Redis, keys: PoolKeys): Promise<ReadonlyMap<string, number>> {
  const medians = new Map<string, number>()
  for (const [task, { samples, medianMs }] of await readEstimates(client, keys)) {
    if (samples > 0) medians.set(task, medianMs)
  }
  return medians
}

/**
 * How long the attempts of a task take that are not longer than a share `q` of them, in milliseconds; `undefined` when
 * none has succeeded. One round trip.
 *
 * @param q from 0 to 1; 0.5 is the median.
 */
export async function taskQuantile(
  client: Redis,
  keys: PoolKeys,
  task: string,
  q: number,
): Promise<number | undefined> {
  const buckets = new Map<number, number>()
  for (const [field, count] of Object.entries(await client.hgetall(keys.sketch(task)))) {
    if (field !== 'timeouts') buckets.set(Number(field), Number(count))
  }
  const bucket = quantileBucket(buckets, q)
  return bucket === undefined ? undefined : round(msOf(bucket))
}

/** Whole milliseconds would be wrong by more than the sketch is below ten. */
const round = (ms: number): number => (ms < 100 ? Math.round(ms * 10) / 10 : Math.round(ms))
