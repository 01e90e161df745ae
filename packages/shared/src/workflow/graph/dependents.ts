/** What the functions of this folder know of a job. */
export interface Node {
  readonly name: string
  readonly needs: readonly string[]
}

/**
 * Job name → names of the jobs that need it, in the order of `jobs`. Every job has an entry; needs that are no job of
 * the list have none. O(jobs + needs).
 */
export function dependentsOf(jobs: readonly Node[]): Map<string, string[]> {
  const dependents = new Map<string, string[]>(jobs.map((job) => [job.name, []]))
  for (const job of jobs) {
    for (const need of job.needs) dependents.get(need)?.push(job.name)
  }
  return dependents
}
