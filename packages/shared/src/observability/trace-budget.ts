/** Spans cost a worker some 35 us of CPU each: so many a second take less than a fiftieth of a core. */
const JOBS_PER_SECOND = 500
/** A trace of more spans than this is shown by no tool that people use. */
const MOST_AT_ONCE = 2_000

/**
 * Which submissions are traced where nobody said how many: all of them in a quiet pool, and in a busy one as many as cost
 * little. A bucket holds jobs and fills steadily; a submission is traced when the bucket has all of its jobs.
 */
export function createTraceBudget(now: () => number = () => performance.now()): (jobs: number) => boolean {
  let left = MOST_AT_ONCE
  let filledMonoMs = now()
  return (jobs) => {
    const at = now()
    left = Math.min(MOST_AT_ONCE, left + ((at - filledMonoMs) / 1_000) * JOBS_PER_SECOND)
    filledMonoMs = at
    if (jobs > left) return false
    left -= jobs
    return true
  }
}
