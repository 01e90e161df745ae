/**
 * What one handler noted at one moment. `token` is the attempt's fencing token; `at` is in milliseconds since 1970, by the
 * one clock of the machine that all processes of a scenario share.
 */
export interface Entry {
  readonly kind: 'started' | 'aborted' | 'returned' | 'threw'
  /** Id of the job, `<workflow>.<name>`. */
  readonly job: string
  readonly token: number
  readonly pid: number
  readonly at: number
  /** Of `started`: for every need whose output is there, the token of the attempt that gave it. */
  readonly saw?: Readonly<Record<string, number>>
  /** Of `aborted`: the code of the signal's reason. */
  readonly code?: string
}

/** What handlers of a scenario return: the job they ran for and which attempt they were. */
export interface Output {
  readonly job: string
  readonly token: number
}
