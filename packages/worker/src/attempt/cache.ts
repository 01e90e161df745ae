import {
  abandonFlight,
  boardFlight,
  type CacheEntry,
  cacheHash,
  flightLot,
  type Json,
  landFlight,
  type Task,
  type TaskCache,
} from '@millrace/shared'
import { Parked } from '../policies/parked.ts'
import type { Attempt } from './attempt.ts'
import type { Needs } from './input.ts'
import type { Room } from './room.ts'
import { openSimilar } from './similar.ts'
import { toJson } from './to-json.ts'

/** What the cache of its task means for one attempt. */
export interface OpenCache {
  /** The output of an earlier job: there is nothing to compute. */
  readonly hit: { readonly output: Json } | undefined
  readonly handler: Task['handler']
  /** Whether the output is that of an earlier job, an equal or a similar one. */
  readonly used: boolean
  /** Keeps the output; `undefined` when it is not to be used again. */
  land(output: Json | undefined): Promise<void>
  /** The attempt failed: the next of those that wait computes. Never throws. */
  abandon(): Promise<void>
}

/** Those that wait look again after half of what the computation took so far: they lose no more than that. */
const SHORTEST_WAIT_MS = 500
const LONGEST_WAIT_MS = 30_000

/**
 * Looks for the output of an equal job.
 *
 * @returns `undefined` when the input cannot be compared: the job runs as if its task had no cache.
 * @throws Parked when an equal job is at work: this one waits for its output, and holds no slot meanwhile.
 */
export async function openCache(
  attempt: Attempt,
  task: Task,
  cache: TaskCache,
  given: { readonly input: unknown; readonly needs: Needs },
  room: Room,
): Promise<OpenCache | undefined> {
  const { client, keys, tally } = room
  const { log } = attempt
  const key = toJson(cache.key ? cache.key(given.input, given.needs) : given, 'key')
  if (!key.ok) {
    log.warn({ problems: key.problems }, 'JSON cannot carry what the output depends on; the job runs without the cache')
    return undefined
  }
  const entry: CacheEntry = {
    task: task.name,
    hash: cacheHash({ task: task.name, version: cache.version, key: key.value }),
  }
  const flight = await boardFlight(client, keys, attempt, entry)
  if (flight.kind === 'wait') throw waiting(entry, flight)
  if (flight.kind === 'hit') {
    tally.cached++
    log.debug({ hash: entry.hash }, 'the output of an equal job is used')
    return { hit: flight, handler: task.handler, used: true, land: async () => {}, abandon: async () => {} }
  }

  const similar = cache.embed && openSimilar(attempt, task, cache, { id: entry.hash, input: given.input }, room)
  const abandon = () =>
    abandonFlight(client, keys, attempt, entry).catch((error: unknown) =>
      log.warn({ err: error }, 'those that wait for this output could not be called; they come by themselves'),
    )
  return {
    hit: undefined,
    handler: similar?.handler ?? task.handler,
    get used() {
      return similar?.reused ?? false
    },
    abandon,
    async land(output) {
      if (output === undefined || similar?.reused) return await abandon()
      await landFlight(client, keys, attempt, entry, { output, ttlMs: cache.ttlMs, most: cache.entries })
      await similar?.keep(output)
    },
  }
}

function waiting(entry: CacheEntry, { sinceMs, job }: { readonly sinceMs: number; readonly job: string }): Parked {
  const delayMs = Math.min(LONGEST_WAIT_MS, Math.max(SHORTEST_WAIT_MS, sinceMs / 2)) * (1 + Math.random() / 5)
  return new Parked('MILLRACE_CACHE_AWAITED', {
    lot: flightLot(entry),
    delayMs,
    why: `the equal job ${job} is at work; its output will do`,
  })
}
