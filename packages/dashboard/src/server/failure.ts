import { type ErrorCode, MillraceError } from '@millrace/shared'

/** What every refused or failed request is answered with. */
interface FailureBody {
  readonly code: ErrorCode
  readonly message: string
  readonly issues: readonly { readonly code?: string; readonly message: string; readonly path: readonly unknown[] }[]
  /** Only of a defect: what to look for in the log. */
  readonly requestId?: string
}

export interface Failure {
  readonly status: number
  readonly body: FailureBody
  /** True when the log must have what was thrown, since the answer does not. */
  readonly isDefect: boolean
}

/** Codes that have a status of their own; whatever else refuses a request is 422, and what Redis does, 503. */
const STATUS: Partial<Record<ErrorCode, number>> = {
  MILLRACE_REQUEST_INVALID: 400,
  MILLRACE_UNAUTHENTICATED: 401,
  MILLRACE_FORBIDDEN: 403,
  MILLRACE_ADDRESS_UNKNOWN: 404,
  MILLRACE_WORKFLOW_NOT_FOUND: 404,
  MILLRACE_JOB_NOT_FOUND: 404,
  MILLRACE_DEAD_LETTER_NOT_FOUND: 404,
  MILLRACE_REPLAY_NOT_FOUND: 404,
  MILLRACE_WORKFLOW_CONFLICT: 409,
  MILLRACE_TOO_MANY_REQUESTS: 429,
  MILLRACE_BROKER_UNREACHABLE: 503,
}

/** Turns whatever was thrown into a status and a body that tells nothing of the inside. */
export function failureOf(thrown: unknown, requestId: string): Failure {
  if (thrown instanceof MillraceError) {
    const { code, message, issues } = thrown
    return { status: STATUS[code] ?? 422, body: { code, message, issues }, isDefect: false }
  }
  const status = (thrown as { statusCode?: unknown } | undefined)?.statusCode
  if (typeof status === 'number' && status >= 400 && status < 500) return ofFramework(status, thrown as Error)
  const message = `Something went wrong inside; the log has it under ${requestId}.`
  return { status: 500, body: { code: 'MILLRACE_DEFECT', message, issues: [], requestId }, isDefect: true }
}

/** Fastify refuses what is no HTTP or JSON of ours before any code of ours runs. */
function ofFramework(status: number, { message }: Error): Failure {
  const code = status === 429 ? 'MILLRACE_TOO_MANY_REQUESTS' : 'MILLRACE_REQUEST_INVALID'
  return { status, body: { code, message, issues: [] }, isDefect: false }
}
