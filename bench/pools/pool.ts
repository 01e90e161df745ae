import type { Redis } from 'ioredis'
import type { Report } from '../workers/tally.ts'
import type { WorkerProcess } from './processes.ts'

/** How the workers of a side are laid out: the same for both. */
export interface Layout {
  /** Default 1. */
  readonly processes?: number
  /** Jobs run at once by each process. Default 50. */
  readonly concurrency?: number
  /** Its jobs hang: it is going to be killed. */
  readonly victim?: boolean
}

/** What both sides have: workers, a queue to pause, and BullMQ's own sets to count in. */
export interface Pool {
  readonly redis: Redis
  readonly workers: WorkerProcess[]
  /** Key of a set or list of the queue, e.g. `completed`. */
  key(type: string): string
  /** Resolves with the new ones when they are ready. */
  startWorkers(layout: Layout, env?: Readonly<Record<string, string>>): Promise<WorkerProcess[]>
  pause(): Promise<void>
  resume(): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/** Nothing ended for this long: something is lost. */
const PATIENCE_MS = 60_000
const LOOK_EVERY_MS = 4

/** Jobs of the pool's queue that have succeeded so far. */
export const completed = ({ redis, key }: Pool): Promise<number> => redis.zcard(key('completed'))

/**
 * Resolves when `count` jobs have succeeded, with the time of this moment on the monotonic clock.
 *
 * @throws Error when a worker ends, a job fails for good, or nothing ends for a minute (or `patienceMs`).
 */
export async function untilCompleted(pool: Pool, count: number, patienceMs = PATIENCE_MS): Promise<number> {
  let seen = -1
  let movedMs = performance.now()
  for (;;) {
    const now = await completed(pool)
    if (now >= count) return performance.now()
    if (now > seen) movedMs = performance.now()
    seen = now
    for (const worker of pool.workers) {
      const problem = worker.problem()
      if (problem) throw new Error(problem)
    }
    if (performance.now() - movedMs > patienceMs) {
      const failed = await pool.redis.zcard(pool.key('failed'))
      throw new Error(`${now} of ${count} jobs have ended, ${failed} failed, and none for ${patienceMs / 1_000} s`)
    }
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
  }
}

/** What all workers of a pool have seen since they began. */
export async function reports(pool: Pool): Promise<Report[]> {
  return await Promise.all(pool.workers.map((worker) => worker.report()))
}

/** All samples of one name, of all workers. */
export const samplesOf = (reports: readonly Report[], name: string): number[] =>
  reports.flatMap((report) => report.samples[name] ?? [])

/**
 * Checks that exactly `count` jobs ended well and that their handlers ran `runs` times in all: once each, since none
 * can end without having run.
 *
 * @param before jobs that had succeeded before the workers began to count.
 */
export async function verify(pool: Pool, count: number, before: number, seen: readonly Report[]): Promise<void> {
  const [done, failed, runs] = [
    (await completed(pool)) - before,
    await pool.redis.zcard(pool.key('failed')),
    seen.reduce((sum, report) => sum + report.runs, 0),
  ]
  if (done === count && failed === 0 && runs === count) return
  throw new Error(
    `expected ${count} jobs, each run once; ${done} succeeded, ${failed} failed, handlers ran ${runs} times`,
  )
}
