import { ERRORS, type ErrorCode, type Issue, MillraceError } from '@millrace/shared'
import { CommanderError } from 'commander'
import { brokerLoss } from '../broker-loss.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'

/** How a command ended that did not do what it was asked. */
export interface Failure {
  readonly exit: ExitCode
  /** Absent for a defect of Millrace itself. */
  readonly code: ErrorCode | undefined
  readonly message: string
  readonly issues: readonly Issue[]
  /** In how many ms trying again may succeed, where that is known. */
  readonly retryAfter?: number
  /** True when commander has printed the message itself. */
  readonly told: boolean
}

/** Turns whatever was thrown into an exit code and words. The one place that knows which error means which code. */
export function failureOf(raw: unknown): Failure {
  const thrown = brokerLoss(raw)
  if (thrown instanceof CommanderError) {
    return failed(EXIT.refused, 'MILLRACE_USAGE', thrown.message.replace(/^error: /, ''), { told: true })
  }
  if (thrown instanceof MillraceError) {
    const exit = ERRORS[thrown.code].category === 'broker' ? EXIT.unreachable : EXIT.refused
    const { issues, retryAfter } = thrown
    return { ...failed(exit, thrown.code, thrown.message, { issues }), ...(retryAfter !== undefined && { retryAfter }) }
  }
  const error = thrown instanceof Error ? thrown : new Error(String(thrown))
  if (error.name === 'ReplyError') {
    const allowed = /^NOPERM\b/.test(error.message) ? '\nWhat its user must be allowed: docs/configuration.md.' : ''
    const message = `Redis refuses the command: ${error.message}${allowed}`
    return failed(EXIT.unreachable, 'MILLRACE_BROKER_UNREACHABLE', message)
  }
  return failed(EXIT.defect, undefined, `This is a defect of Millrace, please report it.\n${error.stack}`)
}

function failed(
  exit: ExitCode,
  code: Failure['code'],
  message: string,
  { issues = [], told = false }: { issues?: readonly Issue[]; told?: boolean } = {},
): Failure {
  return { exit, code, message, issues, told }
}
