import { randomUUID } from 'node:crypto'
import { openOurs } from '../pools/ours.ts'
import type { Room } from '../runner/room.ts'
import { type Bound, boundOf } from './bound.ts'
import { checkHistory, type Findings } from './history.ts'
import { type Policy, toWorkflow } from './to-workflow.ts'
import type { Trace } from './trace.ts'

export interface ReplayOptions {
  readonly workers: number
  /** Jobs run at once by all workers together. */
  readonly slots: number
  readonly scale: number
  readonly policy: Policy
}

/** How a trace ran. Times in seconds, scaled. */
export interface Replayed extends Findings {
  readonly jobs: number
  readonly edges: number
  readonly scale: number
  readonly bound: Bound
  /** From the submission to the end of the last job, as the pool recorded them. */
  readonly makespan: number
  /** Makespan / lower bound: 1 is perfect. */
  readonly ratio: number
  /** Makespan / floor: no schedule reaches less than 1, and in contrast to `ratio` some may reach 1. */
  readonly floorRatio: number
}

/**
 * Runs a trace on worker processes of its own.
 *
 * @throws Error when the workflow is refused, a worker ends, or a job does not succeed.
 */
export async function replayTrace(room: Room, trace: Trace, options: ReplayOptions): Promise<Replayed> {
  const { workers, slots, scale, policy } = options
  const history = `bench:history:${randomUUID()}`
  const { workflow, idOf } = toWorkflow(trace, { scale, policy })
  await using pool = await openOurs(room)
  for (const concurrency of shares(slots, workers)) await pool.startWorkers({ concurrency }, { BENCH_HISTORY: history })

  const { id } = await pool.producer.submit(workflow, { scheduling: policy })
  const over = new AbortController()
  const watching = setInterval(() => {
    if (pool.workers.some((worker) => worker.problem())) over.abort()
  }, 500)
  try {
    for await (const _ of pool.producer.watch(id, { signal: over.signal })) {
      // until it has ended
    }
  } finally {
    clearInterval(watching)
  }
  const problem = pool.workers.map((worker) => worker.problem()).find(Boolean)
  if (problem) throw new Error(problem)

  const [summary] = await pool.producer.list({ name: workflow.name, limit: 1 })
  if (summary?.state !== 'succeeded' || summary.finishedAt === undefined)
    throw new Error(`the workflow ended as ${summary?.state}: ${summary?.jobs.succeeded} of ${trace.jobs.length} jobs`)
  const findings = checkHistory(trace, await room.redis.lrange(history, 0, -1), idOf)
  const { longestPath, work, lowerBound, floor } = boundOf(trace, slots)
  const bound = {
    longestPath: longestPath * scale,
    work: work * scale,
    lowerBound: lowerBound * scale,
    floor: floor * scale,
  }
  const makespan = (summary.finishedAt - summary.submittedAt) / 1_000
  return {
    jobs: trace.jobs.length,
    edges: trace.jobs.reduce((sum, { needs }) => sum + needs.length, 0),
    scale,
    bound,
    makespan,
    ratio: makespan / bound.lowerBound,
    floorRatio: makespan / bound.floor,
    ...findings,
  }
}

/** Slots for each worker: as equal as they can be. */
function shares(slots: number, workers: number): number[] {
  return Array.from({ length: workers }, (_, index) => Math.floor((slots + index) / workers))
}
