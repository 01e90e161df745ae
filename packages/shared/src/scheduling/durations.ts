import type { PlannedJob } from '../workflow/plan.ts'

/** Task → how long its attempts usually take, ms, as the pool has measured it. */
export type Estimates = ReadonlyMap<string, number>

type Timed = Pick<PlannedJob, 'task' | 'estimateMs' | 'delayMs'>

/** What a job of which nothing is known counts when nothing is known of any. */
const UNKNOWN_MS = 1_000

/** How long an attempt of the job takes, ms: as its author says, else as measured, else `undefined`. */
const knownDuration = (job: Pick<Timed, 'task' | 'estimateMs'>, estimates: Estimates): number | undefined =>
  job.estimateMs ?? estimates.get(job.task)

/**
 * A duration for every job, delays included: jobs of which nothing is known count as the median of the others, so that
 * without any estimates the longest way is the one with the most jobs.
 */
export function guessedDurations(jobs: readonly Timed[], estimates: Estimates): (job: Timed) => number {
  const known = jobs
    .map((job) => knownDuration(job, estimates))
    .filter((ms) => ms !== undefined)
    .sort((a, b) => a - b)
  const usual = known[Math.floor(known.length / 2)] ?? UNKNOWN_MS
  return (job) => job.delayMs + (knownDuration(job, estimates) ?? usual)
}

/** The time that is certain to pass: what nobody has estimated counts as nothing. */
export const certainDurations =
  (estimates: Estimates) =>
  (job: Timed): number =>
    job.delayMs + (knownDuration(job, estimates) ?? 0)
