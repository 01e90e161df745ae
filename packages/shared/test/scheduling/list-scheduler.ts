import type { PlannedJob } from '../../src/workflow/plan.ts'

export interface Schedule {
  readonly makespan: number
  /** What no schedule can beat: the longest way, or the work divided by the slots. */
  readonly bound: number
}

/**
 * Runs jobs on `slots` slots as a pool does: a free slot takes the runnable job with the lowest place; of equals, the one
 * that became runnable first. Every job takes its estimate.
 *
 * @param jobs in topological order
 */
export function listSchedule(jobs: readonly PlannedJob[], slots: number, placeOf: (job: string) => number): Schedule {
  const open = new Map(jobs.map((job) => [job.name, job.needs.length]))
  const dependents = new Map<string, PlannedJob[]>(jobs.map((job) => [job.name, []]))
  for (const job of jobs) for (const need of job.needs) dependents.get(need)?.push(job)
  const ms = (job: PlannedJob) => job.estimateMs ?? 0

  const runnable = jobs.filter((job) => job.needs.length === 0)
  const running: { job: PlannedJob; until: number }[] = []
  let now = 0
  while (runnable.length > 0 || running.length > 0) {
    runnable.sort((a, b) => placeOf(a.name) - placeOf(b.name)) // stable
    while (running.length < slots && runnable.length > 0) {
      const job = runnable.shift()!
      running.push({ job, until: now + ms(job) })
    }
    running.sort((a, b) => a.until - b.until)
    const { job, until } = running.shift()!
    now = until
    for (const dependent of dependents.get(job.name) ?? []) {
      const left = (open.get(dependent.name) ?? 0) - 1
      open.set(dependent.name, left)
      if (left === 0) runnable.push(dependent)
    }
  }

  const ends = new Map<string, number>()
  for (const job of jobs) {
    ends.set(job.name, ms(job) + Math.max(0, ...job.needs.map((need) => ends.get(need) ?? 0)))
  }
  const work = jobs.reduce((sum, job) => sum + ms(job), 0)
  return { makespan: now, bound: Math.max(work / slots, ...ends.values()) }
}
