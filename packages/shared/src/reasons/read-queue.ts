import type { Redis } from 'ioredis'
import { readCapacity } from '../capacity/capacities.ts'
import { readQueueDepth } from '../observability/queue-depth.ts'
import { readLots } from '../parking/lots.ts'
import { listeningTo } from '../pool/listening.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { limitUse } from './limits.ts'
import { queueReasons } from './queue.ts'
import { limitsOf, readLimit } from './read-limits.ts'
import { type PoolRead, readPauses } from './read-pool.ts'
import type { QueueReasons } from './reason.ts'

/** Places looked at to tell the levels: 3 ms of Redis. */
const PLACES = 500
/** Entries of each lot that are looked at to tell whose they are. */
const ENTRIES = 500

/** A queue, and what keeps its jobs from running. Cost: some dozens of short reads. */
export async function readQueueReasons(
  client: Redis,
  keys: PoolKeys,
  pool: PoolRead,
  name: string,
): Promise<QueueReasons> {
  const workers = listeningTo(pool.workers, name)
  const tasks = new Map(workers.flatMap(({ tasks }) => tasks).map((task) => [task.name, task]))
  const ofQueue = [...tasks.values()].filter(({ queue }) => queue === name)
  const [depth, active, delayed, waiting, capacity, isPaused, parked, limits] = await Promise.all([
    readQueueDepth(client, keys, name, PLACES),
    client.llen(keys.queue(name, 'active')),
    client.zcard(keys.queue(name, 'delayed')),
    client.zcard(keys.queue(name, 'waiting-children')),
    readCapacity(client, keys, name),
    client.hexists(keys.queue(name, 'meta'), 'paused'),
    parkedIn(client, keys, name),
    Promise.all(
      ofQueue
        .flatMap((task) => limitsOf(task, undefined, undefined))
        .map((limit) => readLimit(client, keys, limit, pool.nowUs)),
    ),
  ])
  const paused = isPaused === 1
  const pauses = await readPauses(client, keys, pool, { queue: paused ? name : undefined })
  const counts = { active, delayed, waiting, capacity, queued: depth.total }
  const since = Object.values(depth.since)
  return {
    kind: 'queue',
    name,
    at: pool.now,
    paused,
    ...counts,
    reasons: queueReasons({ name, now: pool.now, paused: pauses.queue, ...counts, workers, limits, parked }),
    levels: depth.levels,
    oldestSince: since.length > 0 ? Math.min(...since) : undefined,
    slots: {
      limit: workers.reduce((sum, { slots }) => sum + slots.limit, 0),
      active: workers.reduce((sum, { slots }) => sum + slots.active, 0),
    },
    workers: workers.map((worker) => worker.name),
    parked,
    limits: limits.map(limitUse),
  }
}

/** Jobs of a queue by the lot they stand in: of a long lot, as many as its first entries let expect. */
async function parkedIn(client: Redis, keys: PoolKeys, queue: string): Promise<QueueReasons['parked']> {
  const lots = await readLots(client, keys)
  const first = await Promise.all(lots.map(({ lot }) => client.zrange(keys.lot(lot), '0', `${ENTRIES - 1}`)))
  return lots
    .map(({ lot, jobs }, index) => {
      const entries = first[index] ?? []
      const own = entries.filter((suffix) => suffix.startsWith(`${queue}:`)).length
      const about = jobs > ENTRIES
      return { lot, jobs: about ? Math.round((own / Math.max(1, entries.length)) * jobs) : own, about }
    })
    .filter(({ jobs }) => jobs > 0)
    .toSorted((a, b) => b.jobs - a.jobs)
}
