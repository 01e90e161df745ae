/** What a worker has done since it started. Attempts, not jobs: a job that is retried counts each time. */
export interface Tally {
  succeeded: number
  /** Of those that succeeded, with the output of an earlier job: the handler did not run. */
  cached: number
  /** Spawned or fanned out, and waiting for that. */
  suspended: number
  retried: number
  buried: number
  /** Put aside because they might not run at that moment. */
  parked: number
  /** Given back to their queue by a drain. */
  handedBack: number
  /** Whose lock was lost. */
  lost: number
  /** Handlers that ran on after their signal was aborted. */
  ignored: number
  /** Failures that passed their threshold, told by this worker. */
  escalated: number
}

export const createTally = (): Tally => ({
  succeeded: 0,
  cached: 0,
  suspended: 0,
  retried: 0,
  buried: 0,
  parked: 0,
  handedBack: 0,
  lost: 0,
  ignored: 0,
  escalated: 0,
})
