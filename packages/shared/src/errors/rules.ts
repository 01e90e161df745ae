import type { ErrorCode, Severity } from './catalogue.ts'
import { field } from './field.ts'
import { statusOf } from './http.ts'

/** What a rule may decide. `delay`: like `retry`, but it spends no attempt. */
export const RULE_VERDICTS = ['retry', 'bury', 'delay'] as const
export type RuleVerdict = (typeof RULE_VERDICTS)[number]

/** What becomes of a job whose handler threw something like this. Whatever is given must fit. */
export interface Rule {
  /** `error.code`, e.g. `ECONNREFUSED`, `P2002`, or a code of your own TaskErrors. */
  readonly code?: string
  /** Name of the error, of its class, or of a class that it extends. */
  readonly class?: string
  /** HTTP status, or all of a kind. */
  readonly status?: number | '4xx' | '5xx'
  readonly verdict: RuleVerdict
  /** The next attempt comes no earlier than this, in milliseconds; what the service says itself goes before. */
  readonly delayMs?: number
  readonly severity?: Severity
  /** The code under which the failure is recorded. */
  readonly as?: string
}

const service = (status: Rule['status'] & {}, verdict: RuleVerdict, as: ErrorCode): Rule => ({ status, verdict, as })
const network = (code: string): Rule => ({ code, verdict: 'retry', as: 'MILLRACE_NETWORK' })

/**
 * What holds when neither the error itself nor its task says anything; the first that fits decides. Codes of Node's
 * sockets and DNS, of undici (fetch), and of axios.
 */
export const SHIPPED_RULES: readonly Rule[] = [
  service(429, 'retry', 'MILLRACE_SERVICE_BUSY'),
  service(503, 'retry', 'MILLRACE_SERVICE_BUSY'),
  service(408, 'retry', 'MILLRACE_SERVICE_FAILED'), // Request Timeout
  service(425, 'retry', 'MILLRACE_SERVICE_FAILED'), // Too Early
  service('4xx', 'bury', 'MILLRACE_SERVICE_REFUSED'),
  service('5xx', 'retry', 'MILLRACE_SERVICE_FAILED'),
  ...[
    'ECONNREFUSED',
    'ECONNRESET',
    'ECONNABORTED',
    'ETIMEDOUT',
    'ESOCKETTIMEDOUT',
    'EPIPE',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'ENETRESET',
    'ERR_NETWORK',
    'ERR_SOCKET_CONNECTION_TIMEOUT',
    'UND_ERR_CONNECT_TIMEOUT',
    'UND_ERR_HEADERS_TIMEOUT',
    'UND_ERR_BODY_TIMEOUT',
    'UND_ERR_SOCKET',
    'UND_ERR_CLOSED',
  ].map(network),
  { class: 'TimeoutError', verdict: 'retry', as: 'MILLRACE_NETWORK' }, // AbortSignal.timeout, got, ky
]

/** Whether a rule speaks of this thrown thing. */
export function fits(rule: Rule, thrown: unknown): boolean {
  return (
    (rule.code === undefined || rule.code === field(thrown, 'code')) &&
    (rule.class === undefined || classesOf(thrown).includes(rule.class)) &&
    (rule.status === undefined || fitsStatus(rule.status, statusOf(thrown)))
  )
}

const fitsStatus = (wanted: Rule['status'] & {}, status: number | undefined) =>
  status !== undefined && (typeof wanted === 'number' ? wanted === status : `${Math.floor(status / 100)}xx` === wanted)

/** By name, not by identity: a task folder may have its own copy of the package that the error comes from. */
function classesOf(thrown: unknown): string[] {
  const names = [field(thrown, 'name')]
  let shape: unknown = thrown
  for (let depth = 0; depth < 10 && typeof shape === 'object' && shape !== null; depth++) {
    names.push(field(field(shape, 'constructor'), 'name'))
    shape = Object.getPrototypeOf(shape)
  }
  return names.filter((name) => typeof name === 'string')
}
