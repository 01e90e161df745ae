import { userInfo } from 'node:os'
import { didYouMean, MillraceError, nearestOf, parseDuration, tracingSettings } from '@millrace/shared'
import { type GivenWeights, readWeights } from './weights.ts'

/** What the environment says to a producer. Frozen. */
export interface ProducerConfig {
  readonly redisUrl: string | undefined
  readonly namespace: string | undefined
  readonly connectTimeoutMs: number
  readonly weights: GivenWeights
}

/** Every setting that is read here; docs/configuration.md has a row for each. */
export const SETTINGS = [
  'REDIS_URL',
  'MILLRACE_NAMESPACE',
  'MILLRACE_PRODUCER_CONNECT_TIMEOUT',
  'MILLRACE_PRODUCER_WEIGHTS',
  'MILLRACE_PRODUCER_ACTOR',
] as const

/**
 * Settings of the workers. They often share one environment with a producer, so they are no mistake here; a test
 * compares this list with docs/configuration.md.
 */
const WORKER_SETTINGS = [
  'MILLRACE_TASKS',
  'MILLRACE_QUEUES',
  'MILLRACE_CONCURRENCY',
  'MILLRACE_MEMORY_HIGH',
  'MILLRACE_WORKER_NAME',
  'MILLRACE_BREAKER_FAILURES',
  'MILLRACE_BREAKER_HALF_OPEN_AFTER',
  'MILLRACE_BREAKER_HALF_OPEN_MAX',
  'MILLRACE_BULKHEAD',
  'MILLRACE_RESOURCE_TIMEOUT',
  'MILLRACE_DRAIN',
  'MILLRACE_GRACE',
  'MILLRACE_LOCK',
  'MILLRACE_STALLED_EVERY',
  'MILLRACE_MAX_STALLS',
  'MILLRACE_MAX_OUTPUT_BYTES',
  'MILLRACE_MAX_KEPT_BYTES',
  'MILLRACE_WORKER_VERSION',
  'MILLRACE_ESCALATE_COUNT',
  'MILLRACE_ESCALATE_WINDOW',
  'MILLRACE_ESCALATE_WEBHOOK',
  'MILLRACE_HTTP_PORT',
  'MILLRACE_LOG_LEVEL',
  'MILLRACE_LOG_REDACT',
  'MILLRACE_LOG_FORMAT',
]

/** Names with these beginnings belong to the other programs of the project. */
const OTHERS = /^MILLRACE_(?:DASHBOARD|DEMO|TEST)_/

/**
 * Kubernetes and Docker links put the addresses of services into the environment of every container, e.g.
 * `MILLRACE_WORKER_SERVICE_HOST` for a service named `millrace-worker`. Nobody wrote them, so they are no mistake.
 */
const INJECTED = /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT(?:_\d+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)?$/

const DEFAULT_CONNECT_TIMEOUT = '3s'

/**
 * Reads the settings; the only place of this package that knows their names. An empty value counts as absent.
 *
 * @throws MillraceError MILLRACE_SETTING_INVALID that lists every problem, unknown `MILLRACE_*` names among them.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ProducerConfig {
  const redisUrl = env['REDIS_URL'] || undefined
  const namespace = env['MILLRACE_NAMESPACE'] || undefined
  const timeout = env['MILLRACE_PRODUCER_CONNECT_TIMEOUT'] || DEFAULT_CONNECT_TIMEOUT
  const weights = env['MILLRACE_PRODUCER_WEIGHTS'] ? readWeights(env['MILLRACE_PRODUCER_WEIGHTS']) : {}
  const problems = [
    ...named('REDIS_URL', redisUrl && redisUrlProblem(redisUrl)),
    ...named('MILLRACE_NAMESPACE', namespace && namespaceProblem(namespace)),
    ...named('MILLRACE_PRODUCER_CONNECT_TIMEOUT', timeoutProblem(timeout)),
    ...named('MILLRACE_PRODUCER_WEIGHTS', typeof weights === 'string' ? weights : undefined),
    ...unknownNames(env),
  ]
  if (problems.length > 0) {
    const head = problems.length === 1 ? 'A setting is wrong' : `${problems.length} settings are wrong`
    const list = problems.map((problem) => `  ${problem}`).join('\n')
    throw new MillraceError('MILLRACE_SETTING_INVALID', `${head}:\n${list}`)
  }
  return Object.freeze({
    redisUrl,
    namespace,
    connectTimeoutMs: parseDuration(timeout) as number,
    weights: weights as GivenWeights,
  })
}

/** Where the pool's Redis is when nobody says so in code. */
export const defaultConnection = (env = process.env): string => env['REDIS_URL'] || 'redis://127.0.0.1:6379'

/** Who acts when nobody says so in code. A user without a name, as containers have them, is its number. */
export function defaultActor(env = process.env): string {
  if (env['MILLRACE_PRODUCER_ACTOR']) return env['MILLRACE_PRODUCER_ACTOR']
  try {
    return userInfo().username
  } catch {
    return `uid ${process.getuid?.() ?? 'unknown'}`
  }
}

/** The traces that OTEL_* variables ask for. */
export const defaultTracing = (env = process.env) => tracingSettings(env)

/** What is wrong with the address of a Redis, or `undefined`. The password, if there is one, is not repeated. */
export function redisUrlProblem(text: string): string | undefined {
  if (/^rediss?:\/\/[^/]/.test(text) && URL.canParse(text)) return undefined
  const received = JSON.stringify(text.replace(/^(\w+:\/\/)?.*@/, '$1***@'))
  return `expected redis://[[user]:password@]host[:port][/database], or rediss:// with TLS, received ${received}`
}

/** What is wrong with the name of a pool, or `undefined`. It becomes part of every key of the pool. */
export function namespaceProblem(text: string): string | undefined {
  if (/^[\w.-]{1,64}$/.test(text)) return undefined
  return `expected 1 to 64 letters, digits, "_", "-" or ".", received ${JSON.stringify(text)}`
}

/** A connection that takes longer than a minute will not come; shorter than a millisecond is no time at all. */
function timeoutProblem(text: string): string | undefined {
  const ms = parseDuration(text)
  if (ms !== undefined && ms >= 1 && ms <= 60_000) return undefined
  return `expected a duration from 1ms to 1m such as 500ms or 3s, received ${JSON.stringify(text)}`
}

const named = (name: string, problem: string | undefined) => (problem ? [`${name}: ${problem}`] : [])

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known: string[] = [...SETTINGS, ...WORKER_SETTINGS]
  const nearest = nearestOf(known)
  return Object.keys(env)
    .filter((name) => name.startsWith('MILLRACE_') && !known.includes(name))
    .filter((name) => !OTHERS.test(name) && !INJECTED.test(name))
    .sort()
    .map((name) => `${name}: there is no such setting.${didYouMean(nearest(name))}`)
}
