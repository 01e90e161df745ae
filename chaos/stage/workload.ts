import { type JobState, jobId, type PlannedJob } from '@millrace/shared'
import { model } from '../../packages/shared/test/engine/model.ts'
import { job } from '../../packages/shared/test/engine/room.ts'

/** Jobs, and what must become of them. */
export interface Workload {
  readonly jobs: readonly PlannedJob[]
  readonly ends: Readonly<Record<string, JobState>>
}

export interface Shape {
  readonly layers: number
  readonly width: number
  /** Longest that a job works, in milliseconds. */
  readonly mostMs: number
  /** One job in so many fails for good; 0 for none. Default 200. */
  readonly failsOneIn?: number
  /** Whether handlers stop when their signal is aborted. Default: they go on. */
  readonly polite?: boolean
}

/** Whole numbers from 0 on and below a limit; the same seed gives the same numbers. */
export type Random = (below: number) => number

/** Says which seed it is, so that a run can be repeated: `CHAOS_SEED=<number> npm run chaos`. */
export function openRandom(name: string): Random {
  let seed = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 1e6))
  console.log(`${name}: CHAOS_SEED=${seed}`)
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
}

/** Jobs in layers, each needing one to three of the layer before; some fail for good, and some run whatever happens. */
export function layered({ layers, width, mostMs, failsOneIn = 200, polite = false }: Shape, random: Random): Workload {
  const fails = new Set<string>()
  const jobs = Array.from({ length: layers * width }, (_, index) => {
    const layer = Math.floor(index / width)
    const above = () => `j${(layer - 1) * width + random(width)}`
    const needs = layer === 0 ? [] : Array.from({ length: 1 + random(3) }, above)
    const name = `j${index}`
    if (failsOneIn > 0 && random(failsOneIn) === 0) fails.add(name)
    return work(name, [...new Set(needs)], {
      when: layer > 0 && random(10) === 0 ? 'always' : 'succeeded',
      with: { ms: random(mostMs), fails: fails.has(name), polite },
    })
  })
  const ends = model(jobs, fails, 'skip')
  return { jobs, ends: ends as Record<string, JobState> }
}

/** A job of the task that notes what it sees. */
export const work = (name: string, needs: readonly string[] = [], rest: Partial<PlannedJob> = {}): PlannedJob =>
  job(name, needs, { task: 'chaos.work', with: { ms: 0, fails: false }, ...rest })

/** Jobs that must all succeed. */
export const succeeding = (jobs: readonly PlannedJob[]): Workload => ({
  jobs,
  ends: Object.fromEntries(jobs.map(({ name }) => [name, 'succeeded'] as const)),
})

/** The ids of the needs of every job of a workflow, by id. */
export const needsById = (workflow: string, jobs: readonly PlannedJob[]): [string, string[]][] =>
  jobs.map(({ name, needs }) => [jobId(workflow, name), needs.map((need) => jobId(workflow, need))])
