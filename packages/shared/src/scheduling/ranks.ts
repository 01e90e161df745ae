import { dependentsOf, type Node } from '../workflow/graph/dependents.ts'

/**
 * Upward rank: how long it takes from the start of a job to the end of the workflow on the longest way, in the unit of
 * `durationOf`. Jobs are taken by falling rank, after HEFT: Topcuoglu, Hariri and Wu 2002, "Performance-effective and
 * low-complexity task scheduling for heterogeneous computing", IEEE TPDS 13(3). Transfers cost nothing here.
 *
 * @param jobs in topological order
 *
 * Cost: O(jobs + needs).
 */
export function upwardRanks<Job extends Node>(
  jobs: readonly Job[],
  durationOf: (job: Job) => number,
): ReadonlyMap<string, number> {
  const after = new Map<string, number>() // the longest way that begins behind a job
  const ranks = new Map<string, number>()
  for (const job of jobs.toReversed()) {
    const rank = durationOf(job) + (after.get(job.name) ?? 0)
    ranks.set(job.name, rank)
    for (const need of job.needs) after.set(need, Math.max(after.get(need) ?? 0, rank))
  }
  return ranks
}

export interface CriticalPath {
  /** The jobs of the longest way, first to last; the first of equals. */
  readonly jobs: readonly string[]
  /** No schedule is shorter, however many slots it has. */
  readonly length: number
}

/** The longest way through the workflow: what decides how soon it can end. */
export function criticalPath<Job extends Node>(jobs: readonly Job[], durationOf: (job: Job) => number): CriticalPath {
  const ranks = upwardRanks(jobs, durationOf)
  const dependents = dependentsOf(jobs)
  const longestOf = (names: readonly string[]) =>
    names.reduce<string | undefined>(
      (best, name) => (best === undefined || (ranks.get(name) ?? 0) > (ranks.get(best) ?? 0) ? name : best),
      undefined,
    )
  const path: string[] = []
  const first = longestOf(jobs.map(({ name }) => name))
  for (let at = first; at !== undefined; at = longestOf(dependents.get(at) ?? [])) path.push(at)
  return { jobs: path, length: first === undefined ? 0 : (ranks.get(first) ?? 0) }
}
