import { criticalPath, type JobView, type WorkflowSummary, type WorkflowView } from '@millrace/shared'

/** What moves in a job; the rest of it stays as it was submitted. */
type LiveJob = Pick<JobView, 'name' | 'state' | 'startedAt' | 'finishedAt' | 'attempts' | 'progress'>

/** The difference between two looks at a workflow. */
export interface Changes {
  readonly summary: WorkflowSummary
  readonly jobs: readonly LiveJob[]
  /** True when jobs came or went: whoever draws them must ask for the picture again. */
  readonly reshaped: boolean
  /** The time of the process, ms since 1970: what runs is measured against it. */
  readonly at: number
  /** The jobs that decide when the workflow ends, first to last. */
  readonly criticalPath: readonly string[]
}

const liveOf = ({ name, state, startedAt, finishedAt, attempts, progress }: JobView): LiveJob => ({
  name,
  state,
  startedAt,
  finishedAt,
  attempts,
  progress,
})

/** What is different in `now`; everything, when there was no look before. */
export function changesOf(before: WorkflowView | undefined, now: WorkflowView, at: number): Changes {
  const known = new Map(before?.jobList.map((job) => [job.name, JSON.stringify(liveOf(job))]))
  const { jobList, ...summary } = now
  const jobs = jobList.map(liveOf).filter((job) => known.get(job.name) !== JSON.stringify(job))
  const reshaped = jobList.length !== known.size || jobList.some(({ name }) => !known.has(name))
  return { summary, jobs, reshaped, at, criticalPath: criticalPathOf(jobList, at) }
}

/** By what jobs took; those that run count as long as they have run or should, the others as their estimate. */
export function criticalPathOf(jobs: readonly JobView[], at: number): readonly string[] {
  const usual = 1_000
  return criticalPath(jobs, ({ startedAt, finishedAt, estimateMs = usual }) => {
    if (startedAt === undefined) return estimateMs
    return finishedAt === undefined ? Math.max(estimateMs, at - startedAt) : Math.max(0, finishedAt - startedAt)
  }).jobs
}
