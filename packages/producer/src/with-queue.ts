import type { PoolKeys } from '@millrace/shared'
import type { Queue } from 'bullmq'
import type { Redis } from 'ioredis'

/** Opens one of BullMQ's queues for one piece of work. BullMQ is not loaded before: a command starts a sixth sooner without. */
export async function withQueue<Data, Result>(
  client: Redis,
  keys: PoolKeys,
  name: string,
  use: (queue: Queue<Data>) => Promise<Result>,
): Promise<Result> {
  const { Queue } = await import('bullmq')
  const queue = new Queue<Data>(name, { connection: client, prefix: keys.prefix, skipVersionCheck: true })
  try {
    return await use(queue)
  } finally {
    await queue.close()
  }
}
