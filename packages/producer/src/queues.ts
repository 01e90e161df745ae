import { DEAD_LETTERS, type PoolKeys, readCapacity, setCapacity } from '@millrace/shared'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

/** The queue half of a producer: looks at BullMQ's own counts, pauses and resumes with its own command. */
export function queues(client: Redis, keys: PoolKeys): Producer['queues'] {
  async function withQueue<T>(name: string, use: (queue: Queue) => Promise<T>): Promise<T> {
    const { Queue } = await import('bullmq') // not before it is needed: a command starts a sixth sooner without
    const queue = new Queue(name, { connection: client, prefix: keys.prefix, skipVersionCheck: true })
    try {
      return await use(queue)
    } finally {
      await queue.close()
    }
  }

  return {
    async list() {
      const names = (await client.smembers(keys.queues)).filter((name) => name !== DEAD_LETTERS).sort()
      return await Promise.all(
        names.map((name) =>
          withQueue(name, async (queue) => {
            const counts = await queue.getJobCounts('waiting-children', 'delayed', 'wait', 'prioritized', 'active')
            return {
              name,
              paused: await queue.isPaused(),
              capacity: await readCapacity(client, keys, name),
              waiting: counts['waiting-children'] ?? 0,
              delayed: counts['delayed'] ?? 0,
              queued: (counts['wait'] ?? 0) + (counts['prioritized'] ?? 0),
              active: counts['active'] ?? 0,
              workers: await queue.getWorkersCount(),
            }
          }),
        ),
      )
    },
    pause: (name) => withQueue(name, (queue) => queue.pause()),
    resume: (name) => withQueue(name, (queue) => queue.resume()),
    setCapacity: (name, jobs) => setCapacity(client, keys, name, jobs),
    async setEvents(name, on) {
      await client.hset(keys.queue(name, 'meta'), 'events', on ? 'on' : 'off')
    },
  }
}
