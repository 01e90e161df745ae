import type { Issue } from '../workflow/issue.ts'
import type { ErrorCode } from './catalogue.ts'

/** Every error that Millrace itself throws. `code` is for machines, `message` for people, `cause` for the debugger. */
export class MillraceError extends Error {
  override readonly name = 'MillraceError'
  readonly code: ErrorCode
  /** All problems of a refused workflow; empty for other errors. */
  readonly issues: readonly Issue[]
  /** In how many milliseconds trying again may succeed; absent where waiting is of no use, or nobody knows. */
  readonly retryAfter: number | undefined

  constructor(
    code: ErrorCode,
    message: string,
    options: ErrorOptions & { issues?: readonly Issue[]; retryAfter?: number } = {},
  ) {
    super(message, options)
    this.code = code
    this.issues = options.issues ?? []
    this.retryAfter = options.retryAfter
  }
}
