import type { Severity } from './catalogue.ts'

/** What a handler may add to an error it throws. */
export interface TaskErrorOptions extends ErrorOptions {
  /**
   * `false` sends the job to the dead letters at once, `true` has it tried again, whatever the rules say. Default: what
   * the rules say of the code or of the `cause`; without a rule it is tried again.
   */
  readonly retryable?: boolean
  /** Default `medium`. */
  readonly severity?: Severity
  /** A word of your own, e.g. `payment`. Default `handler`. */
  readonly category?: string
  /** Kept with the dead letter; plain data. */
  readonly context?: Readonly<Record<string, unknown>>
}

/**
 * An error whose code a handler chooses, e.g. `new TaskError('CARD_DECLINED', 'the bank said no', { retryable: false })`.
 * The code is stored with the dead letter and can be filtered for; it must not begin with `MILLRACE_`.
 */
export class TaskError extends Error {
  override readonly name = 'TaskError'
  readonly code: string
  readonly retryable: boolean | undefined
  readonly severity: Severity | undefined
  readonly category: string | undefined
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, options: TaskErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.retryable = options.retryable
    this.severity = options.severity
    this.category = options.category
    this.context = options.context ?? {}
  }
}
