import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** A task as workers announce it, so that producers know its queue and refuse what nobody could run. */
export interface AnnouncedTask {
  readonly name: string
  readonly queue: string
  readonly description: string
}

interface Announcement {
  readonly at: number
  readonly tasks: readonly AnnouncedTask[]
}

/** A worker announces itself every 10 s; one that has been silent three times as long counts as gone. */
export const ANNOUNCE_EVERY_MS = 10_000
const SILENT_AFTER_MS = 30_000

/** Says which tasks this worker has. */
export async function publishTasks(
  client: Redis,
  keys: PoolKeys,
  tasks: readonly AnnouncedTask[],
  workerId: string,
  now: number = Date.now(),
): Promise<void> {
  const announcement: Announcement = { at: now, tasks }
  await client.hset(keys.workers, workerId, JSON.stringify(announcement))
}

/** Takes the announcement back, when the worker ends. */
export async function withdrawTasks(client: Redis, keys: PoolKeys, workerId: string): Promise<void> {
  await client.hdel(keys.workers, workerId)
}

/** The tasks of all workers that are there, by name; empty when no worker is. Forgets those that are gone. */
export async function knownTasks(
  client: Redis,
  keys: PoolKeys,
  now: number = Date.now(),
): Promise<ReadonlyMap<string, AnnouncedTask>> {
  const known = new Map<string, AnnouncedTask>()
  for (const [worker, text] of Object.entries(await client.hgetall(keys.workers))) {
    const { at, tasks } = JSON.parse(text) as Announcement
    if (now - at > SILENT_AFTER_MS) await client.hdel(keys.workers, worker)
    else for (const task of tasks) known.set(task.name, task)
  }
  return known
}
