import { DEAD_LETTERS, listeningTo, type PoolKeys, readCapacity, readWorkers, setCapacity } from '@millrace/shared'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'
import { withQueue } from './with-queue.ts'

/** The queue half of a producer: looks at BullMQ's own counts, pauses and resumes with its own command. */
export function queues(client: Redis, keys: PoolKeys): Producer['queues'] {
  const inQueue = <T>(name: string, use: (queue: Queue) => Promise<T>) => withQueue(client, keys, name, use)

  return {
    async list() {
      const names = (await client.smembers(keys.queues)).filter((name) => name !== DEAD_LETTERS).sort()
      const workers = await readWorkers(client, keys)
      return await Promise.all(
        names.map((name) =>
          inQueue(name, async (queue) => {
            const counts = await queue.getJobCounts('waiting-children', 'delayed', 'wait', 'prioritized', 'active')
            return {
              name,
              paused: await queue.isPaused(),
              capacity: await readCapacity(client, keys, name),
              waiting: counts['waiting-children'] ?? 0,
              delayed: counts['delayed'] ?? 0,
              queued: (counts['wait'] ?? 0) + (counts['prioritized'] ?? 0),
              active: counts['active'] ?? 0,
              workers: listeningTo(workers, name).length,
            }
          }),
        ),
      )
    },
    pause: (name) => inQueue(name, (queue) => queue.pause()),
    resume: (name) => inQueue(name, (queue) => queue.resume()),
    setCapacity: (name, jobs) => setCapacity(client, keys, name, jobs),
    async setEvents(name, on) {
      await client.hset(keys.queue(name, 'meta'), 'events', on ? 'on' : 'off')
    },
  }
}
