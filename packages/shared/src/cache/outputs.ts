import type { Redis } from 'ioredis'
import { claimOf, lockLost } from '../checkpoints/claim.ts'
import { jobSuffix } from '../engine/job-data.ts'
import type { LockedJob } from '../engine/spawn.ts'
import { unparkJobs } from '../parking/unpark.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Json } from '../workflow/json.ts'

type Reply = [code: number, outputOrMs?: string | number, waitingOrJob?: number | string]
const flightScript = readScript<Reply>(new URL('./flight.lua', import.meta.url))
const landScript = readScript<number>(new URL('./land.lua', import.meta.url))

/** A computation that nobody ended is forgotten after this; it holds nobody up for longer than the lock of its job. */
const FORGOTTEN_AFTER_MS = 86_400_000

/** Which output of which task; see {@link cacheHash}. */
export interface CacheEntry {
  readonly task: string
  readonly hash: string
}

/** `hit`: here it is. `compute`: nobody has it and nobody is at it, so you are. `wait`: somebody is, since so long. */
export type Flight =
  | { readonly kind: 'hit'; readonly output: Json }
  | { readonly kind: 'compute' }
  | { readonly kind: 'wait'; readonly sinceMs: number; readonly job: string }

/** The lot in which equal jobs wait for the one that computes. */
export const flightLot = ({ task, hash }: CacheEntry): string => `cache/${task}-${hash}`

/**
 * Finds a cached output, or who computes it. A computation is over when its job is: it needs no lease of its own, since the
 * lock of the job ends with its worker.
 *
 * @throws MillraceError MILLRACE_LOCK_LOST when the attempt that asks no longer has the job.
 */
export async function boardFlight(
  client: Redis,
  keys: PoolKeys,
  locked: LockedJob,
  entry: CacheEntry,
  now: () => number = Date.now,
): Promise<Flight> {
  const claim = claimOf(keys, locked)
  const [code, first, second] = await flightScript(
    client,
    [
      ...claim.keys,
      keys.cached(entry.task, entry.hash),
      keys.flight(entry.task, entry.hash),
      keys.lot(flightLot(entry)),
    ],
    [...claim.args, keys.prefix, suffixOf(locked), now(), FORGOTTEN_AFTER_MS],
  )
  if (code === -1) throw lockLost(locked)
  if (code === 1) return { kind: 'compute' }
  if (code === 0) return { kind: 'wait', sinceMs: Number(first), job: String(second) }
  // whoever asked just before the output came was parked after the others had been called
  if (Number(second) > 0) await unparkJobs(client, keys, flightLot(entry))
  return { kind: 'hit', output: JSON.parse(first as string) as Json }
}

/**
 * Keeps the output, and calls those that wait for it.
 *
 * @param most outputs of the task that are kept; beyond that those go that would expire first.
 * @throws MillraceError MILLRACE_LOCK_LOST when the attempt no longer has the job; nothing is kept then.
 */
export async function landFlight(
  client: Redis,
  keys: PoolKeys,
  locked: LockedJob,
  entry: CacheEntry,
  { output, ttlMs, most }: { readonly output: Json; readonly ttlMs: number; readonly most: number },
  now: () => number = Date.now,
): Promise<void> {
  const code = await land(client, keys, locked, entry, [JSON.stringify(output), now(), ttlMs, most])
  await unparkJobs(client, keys, flightLot(entry))
  if (code < 0) throw lockLost(locked)
}

/** There is no output: the next of those that wait computes it. */
export async function abandonFlight(
  client: Redis,
  keys: PoolKeys,
  locked: LockedJob,
  entry: CacheEntry,
): Promise<void> {
  await land(client, keys, locked, entry, ['', 0, 0, 0])
  await unparkJobs(client, keys, flightLot(entry), 1)
}

function land(
  client: Redis,
  keys: PoolKeys,
  locked: LockedJob,
  { task, hash }: CacheEntry,
  ending: readonly [output: string, now: number, ttlMs: number, most: number],
): Promise<number> {
  const claim = claimOf(keys, locked)
  return landScript(
    client,
    [...claim.keys, keys.cached(task, hash), keys.flight(task, hash), keys.cacheIndex(task)],
    [...claim.args, suffixOf(locked), ...ending, hash, keys.cached(task, '')],
  )
}

const suffixOf = ({ job }: LockedJob) => jobSuffix(job.queueName, job.data.workflow, job.data.job)
