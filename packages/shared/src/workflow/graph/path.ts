/** Which arrows lie on a path of jobs, given first to last: those from each of its jobs to the next. */
export function arrowsOf(path: readonly string[]): (need: string, job: string) => boolean {
  const next = new Map(path.slice(1).map((job, index) => [path[index], job]))
  return (need, job) => next.get(need) === job
}
