/** How a task does on this worker. A task that has succeeded last has no entry anywhere. */
export type TaskHealth =
  | {
      readonly state: 'failing'
      readonly failures: number
      readonly job: string
      /** Whether failures of more than one job are among them: one that fails everywhere says nothing of the worker. */
      readonly severalJobs: boolean
    }
  | {
      readonly state: 'unhealthy'
      readonly since: number
      /** When one job is let through, to see. */
      readonly tryAt: number
      /** The job that was let through. */
      readonly trying: string | undefined
    }

type Unhealthy = Extract<TaskHealth, { state: 'unhealthy' }>

/** So many failures in a row, with no success between them, make one ask how others do. */
const SUSPICIOUS = 3
/** So long an unhealthy worker leaves a task alone before it tries a job of it, ms. */
const TRY_AFTER_MS = 30_000

export function afterFailure(health: TaskHealth | undefined, job: string, now: number): TaskHealth {
  if (health === undefined) return { state: 'failing', failures: 1, job, severalJobs: false }
  if (health.state === 'failing') {
    const severalJobs = health.severalJobs || health.job !== job
    return { state: 'failing', failures: health.failures + 1, job, severalJobs }
  }
  return health.trying === job ? { ...health, tryAt: now + TRY_AFTER_MS, trying: undefined } : health
}

export const isSuspicious = (health: TaskHealth): boolean =>
  health.state === 'failing' && health.failures >= SUSPICIOUS && health.severalJobs

/** What it means once it is known whether the task succeeds elsewhere. Where it does not, the fault is not this worker's. */
export function judge(health: TaskHealth, elsewhere: boolean, now: number): TaskHealth | undefined {
  if (health.state === 'unhealthy') return elsewhere ? health : undefined
  if (!elsewhere || !isSuspicious(health)) return health
  return { state: 'unhealthy', since: now, tryAt: now + TRY_AFTER_MS, trying: undefined }
}

/** Whether a job may be tried on a worker that is unhealthy for its task: one at a time, when it is time. */
export const mayTry = ({ tryAt, trying }: Unhealthy, now: number): boolean => trying === undefined && now >= tryAt

export const tried = (health: Unhealthy, job: string): Unhealthy => ({ ...health, trying: job })

/** The job that was tried ended without a word about the task: it was cancelled, or handed back. The next one is tried. */
export const untold = (health: TaskHealth, job: string): TaskHealth =>
  health.state === 'unhealthy' && health.trying === job ? { ...health, trying: undefined } : health
