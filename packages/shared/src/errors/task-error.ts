/** What a handler may add to an error it throws. */
export interface TaskErrorOptions extends ErrorOptions {
  /** `false` sends the job to the dead letters at once. Default true. */
  readonly retryable?: boolean
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
  readonly retryable: boolean
  readonly context: Readonly<Record<string, unknown>>

  constructor(code: string, message: string, options: TaskErrorOptions = {}) {
    super(message, options)
    this.code = code
    this.retryable = options.retryable ?? true
    this.context = options.context ?? {}
  }
}
