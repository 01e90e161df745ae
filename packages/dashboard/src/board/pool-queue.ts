import { BullMQAdapter } from '@bull-board/api/bullMQAdapter'
import { type connectBroker, DEAD_LETTERS, listeningTo, type PoolKeys, readWorkers } from '@millrace/shared'
import type { Queue } from 'bullmq'
import { pageOf } from './links.ts'

/**
 * A queue of the pool as Bull Board shows it: for looking only, with links to our pages, and with the workers that told the
 * pool that they live. BullMQ would look for them among all clients of the Redis, which not every user may.
 */
export class PoolQueue extends BullMQAdapter {
  readonly #workers: () => ReturnType<typeof readWorkers>

  constructor(client: Awaited<ReturnType<typeof connectBroker>>, keys: PoolKeys, queue: Queue) {
    super(queue, {
      readOnlyMode: true,
      description: queue.name === DEAD_LETTERS ? 'Jobs that failed for good; replay them from Dead letters' : '',
      externalJobUrl: (job) => pageOf(queue.name, job),
    })
    this.#workers = () => readWorkers(client, keys)
  }

  override async getWorkers(): ReturnType<BullMQAdapter['getWorkers']> {
    const queue = this.getQueueName()
    if (queue === DEAD_LETTERS) return null // nobody is meant to work on it, so nobody is missing
    const listening = listeningTo(await this.#workers(), queue)
    const ageOf = (startedAt: number) => Math.round((Date.now() - startedAt) / 1_000)
    return listening.map(({ id, name, host, startedAt }) => ({ id, name, addr: host, age: ageOf(startedAt) }))
  }
}
