import { join, resolve } from 'node:path'
import { createProducer, type Producer, type SubmitOptions } from '@millrace/producer'
import { type PoolKeys, poolKeys, type WorkflowDefinition } from '@millrace/shared'
import { freshNamespace } from '@millrace/shared/testing'
import type { Room } from '../runner/room.ts'
import type { Layout, Pool } from './pool.ts'
import { startProcess, type WorkerProcess } from './processes.ts'

const WORKER = resolve(import.meta.dirname, '../../packages/worker/bin/millrace-worker.js')
const TASKS = join(import.meta.dirname, '../workers/tasks')
const QUEUE = 'default'
/** As many submissions as raw BullMQ's adds are under way at once when they are not awaited one by one. */
const IN_FLIGHT = 100

/** A pool of Millrace: a producer in this process, workers as users run them, `millrace-worker` with its defaults. */
export interface OurPool extends Pool {
  readonly producer: Producer
  readonly keys: PoolKeys
  /** Submits many workflows, as many at once as is useful. */
  submitAll(workflows: readonly WorkflowDefinition[], options?: SubmitOptions): Promise<void>
  /** Checks that this many workflows have succeeded, in all. */
  verifyWorkflows(count: number): Promise<void>
}

/**
 * Opens a pool in a namespace of its own.
 *
 * @param layout none: no worker is started.
 */
export async function openOurs(room: Room, layout?: Layout): Promise<OurPool> {
  const keys = poolKeys(freshNamespace())
  const producer = await createProducer({ connection: room.url, namespace: keys.namespace })
  await producer.queues.setCapacity(QUEUE, 1_000_000) // raw queues have no capacity, and some cases fill more than ours has
  const workers: WorkerProcess[] = []
  const pool: OurPool = {
    producer,
    keys,
    redis: room.redis,
    workers,
    key: (type) => keys.queue(QUEUE, type),
    async startWorkers({ processes = 1, concurrency = 50, victim = false }, env = {}) {
      const args = [
        WORKER,
        '--tasks',
        TASKS,
        '--concurrency',
        `${concurrency}`,
        '--namespace',
        keys.namespace,
        '--json',
      ]
      const started = Array.from({ length: processes }, () =>
        startProcess(args, { REDIS_URL: room.url, ...(victim && { BENCH_VICTIM: '1' }), ...env }),
      )
      workers.push(...started)
      await Promise.all(started.map((worker) => worker.ready))
      return started
    },
    pause: () => producer.queues.pause(QUEUE),
    resume: () => producer.queues.resume(QUEUE),
    async submitAll(workflows, options) {
      let next = 0
      const submitter = async () => {
        for (let one = workflows[next++]; one; one = workflows[next++]) await producer.submit(one, options)
      }
      await Promise.all(Array.from({ length: IN_FLIGHT }, submitter))
    },
    async verifyWorkflows(count) {
      const ended = await room.redis.zcard(keys.index('succeeded'))
      const running = await room.redis.zcard(keys.index('running'))
      if (ended !== count || running !== 0)
        throw new Error(`expected ${count} workflows to succeed: ${ended} did, ${running} still run`)
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.kill()))
      await producer.close()
    },
  }
  try {
    if (layout) await pool.startWorkers(layout)
    return pool
  } catch (error) {
    await pool[Symbol.asyncDispose]()
    throw error
  }
}
