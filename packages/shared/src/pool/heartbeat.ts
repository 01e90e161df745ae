import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** A task as workers announce it, so that producers know its queue and refuse what nobody could run. */
export interface AnnouncedTask {
  readonly name: string
  readonly queue: string
  readonly description: string
  /** Resources that its attempts use; absent when there are none. */
  readonly uses?: readonly string[]
  /** Attempts at once over all workers; absent when any number may run. */
  readonly concurrency?: number
  /** Attempts that may begin in any stretch of time; absent when any number may. */
  readonly limit?: { readonly max: number; readonly perMs: number }
}

/** What a worker says of itself every few seconds. Shares are from 0 to 1, times ms since 1970. */
interface WorkerFacts {
  /** In logs and dead letters; two workers may have the same. */
  readonly name: string
  readonly host: string
  readonly pid: number
  readonly version: string
  readonly startedAt: number
  readonly queues: readonly string[]
  readonly slots: {
    readonly limit: number
    readonly min: number
    readonly max: number
    readonly active: number
    /** False while memory is short. */
    readonly taking: boolean
  }
  /** The last times the limit was moved, the newest first. */
  readonly moves: readonly {
    readonly at: number
    readonly reason: string
    readonly limit: number
    readonly why: string
  }[]
  readonly cpu: number
  readonly loopDelayMs: number
  readonly memory: { readonly share: number; readonly rssBytes: number; readonly limitBytes: number }
  /** Names of resources whose breaker is open. */
  readonly breakers: readonly string[]
  /** Tasks that fail here and succeed elsewhere. */
  readonly unhealthy: readonly { readonly task: string; readonly since: number }[]
}

export interface Heartbeat extends WorkerFacts {
  readonly tasks: readonly AnnouncedTask[]
  /** Tasks that succeeded here within the last minute → when, the last time. */
  readonly succeeded: Readonly<Record<string, number>>
}

/** A worker as it was at its last heartbeat. */
export interface WorkerView extends Heartbeat {
  /** Unlike the name, its own alone. */
  readonly id: string
  readonly seenAt: number
}

/** One that has been silent for six heartbeats counts as gone. */
export const HEARTBEAT_EVERY_MS = 5_000
const SILENT_AFTER_MS = 30_000

/** So much of a heartbeat at most: every producer reads those of all workers. */
const MOST = { description: 200, moves: 5, breakers: 50, unhealthy: 50, why: 200 }

/** Says how this worker is. One command. */
export async function publishHeartbeat(
  client: Redis,
  keys: PoolKeys,
  id: string,
  heartbeat: Heartbeat,
  now: number = Date.now(),
): Promise<void> {
  const bounded: Heartbeat = {
    ...heartbeat,
    tasks: heartbeat.tasks.map((task) => ({ ...task, description: task.description.slice(0, MOST.description) })),
    moves: heartbeat.moves.slice(0, MOST.moves).map((move) => ({ ...move, why: move.why.slice(0, MOST.why) })),
    breakers: heartbeat.breakers.slice(0, MOST.breakers),
    unhealthy: heartbeat.unhealthy.slice(0, MOST.unhealthy),
  }
  await client.hset(keys.workers, id, JSON.stringify({ at: now, ...bounded }))
}

/** Takes the heartbeat back, when the worker ends. */
export async function withdrawHeartbeat(client: Redis, keys: PoolKeys, id: string): Promise<void> {
  await client.hdel(keys.workers, id)
}

/** The workers that are there, by name. Forgets those that are gone. */
export async function readWorkers(client: Redis, keys: PoolKeys, now: number = Date.now()): Promise<WorkerView[]> {
  const workers: WorkerView[] = []
  for (const [id, text] of Object.entries(await client.hgetall(keys.workers))) {
    const { at, ...heartbeat } = JSON.parse(text) as Heartbeat & { readonly at: number }
    if (now - at > SILENT_AFTER_MS) await client.hdel(keys.workers, id)
    else workers.push({ id, seenAt: at, ...heartbeat })
  }
  return workers.toSorted((a, b) => a.name.localeCompare(b.name) || a.startedAt - b.startedAt)
}

/** The tasks of all workers that are there, by name; empty when no worker is. */
export async function knownTasks(
  client: Redis,
  keys: PoolKeys,
  now: number = Date.now(),
): Promise<ReadonlyMap<string, AnnouncedTask>> {
  const workers = await readWorkers(client, keys, now)
  return new Map(workers.flatMap(({ tasks }) => tasks.map((task) => [task.name, task] as const)))
}
