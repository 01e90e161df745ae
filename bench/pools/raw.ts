import { join } from 'node:path'
import { freshNamespace } from '@millrace/shared/testing'
import { type FlowJob, FlowProducer, Queue } from 'bullmq'
import type { Room } from '../runner/room.ts'
import type { RawSettings } from '../workers/raw.ts'
import type { Layout, Pool } from './pool.ts'
import { startProcess, type WorkerProcess } from './processes.ts'

const WORKER = join(import.meta.dirname, '../workers/raw.ts')
const QUEUE = 'bench'
/** What one call of `addBulk` is given: larger ones gain nothing. */
const BULK = 1_000

/** A job for BullMQ as both `add` and `addBulk` take it. */
export interface RawJob {
  readonly name: string
  readonly data: unknown
  readonly opts?: { readonly priority?: number }
}

/** Raw BullMQ with its defaults: a queue and a flow producer in this process, workers in processes of their own. */
export interface RawPool extends Pool {
  readonly queue: Queue
  readonly flows: FlowProducer
  addBulk(jobs: readonly RawJob[]): Promise<void>
  /** Adds trees, several by one call. */
  addFlows(flows: readonly FlowJob[], perCall: number): Promise<void>
}

/** A node of a tree in the queue of the pool. */
export const node = (name: string, data: unknown, children: NonNullable<FlowJob['children']> = []): FlowJob => ({
  name,
  data,
  queueName: QUEUE,
  children,
})

/**
 * Opens a queue under a prefix of its own.
 *
 * @param layout none: no worker is started.
 */
export async function openRaw(room: Room, layout?: Layout): Promise<RawPool> {
  const connection = { url: room.url, maxRetriesPerRequest: null }
  const prefix = freshNamespace()
  const queue = new Queue(QUEUE, { connection, prefix })
  const flows = new FlowProducer({ connection, prefix })
  queue.on('error', () => {}) // the call that fails says so
  flows.on('error', () => {})
  await Promise.all([queue.waitUntilReady(), flows.waitUntilReady()])
  const workers: WorkerProcess[] = []
  const pool: RawPool = {
    queue,
    flows,
    redis: room.redis,
    workers,
    key: (type) => queue.toKey(type),
    async startWorkers({ processes = 1, concurrency = 50, victim = false }, env = {}) {
      const settings: RawSettings = { url: room.url, prefix, queue: QUEUE, concurrency }
      const started = Array.from({ length: processes }, () =>
        startProcess([WORKER, JSON.stringify(settings)], { ...(victim && { BENCH_VICTIM: '1' }), ...env }),
      )
      workers.push(...started)
      await Promise.all(started.map((worker) => worker.ready))
      return started
    },
    pause: () => queue.pause(),
    resume: () => queue.resume(),
    async addBulk(jobs) {
      for (let from = 0; from < jobs.length; from += BULK) await queue.addBulk(jobs.slice(from, from + BULK))
    },
    async addFlows(trees, perCall) {
      for (let from = 0; from < trees.length; from += perCall) await flows.addBulk(trees.slice(from, from + perCall))
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(workers.map((worker) => worker.kill()))
      await Promise.all([queue.close(), flows.close()])
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
