import { didYouMean, MillraceError, nearestOf } from '@millrace/shared'

/** What the environment says to a producer. Frozen. */
export interface ProducerConfig {
  readonly redisUrl: string | undefined
  readonly namespace: string | undefined
  readonly connectTimeoutMs: number
}

/** Every setting that is read here; docs/configuration.md has a row for each. */
export const SETTINGS = ['REDIS_URL', 'MILLRACE_NAMESPACE', 'MILLRACE_CONNECT_TIMEOUT_MS'] as const

/**
 * Settings of the pool's workers. They often share one environment with a producer, so they are no mistake here;
 * a test compares this list with docs/configuration.md.
 */
export const WORKER_SETTINGS: readonly string[] = []

/**
 * Kubernetes and Docker links put the addresses of services into the environment of every container, e.g.
 * `MILLRACE_WORKER_SERVICE_HOST` for a service named `millrace-worker`. Nobody wrote them, so they are no mistake.
 */
const INJECTED = /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT(?:_\d+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)?$/

const DEFAULT_CONNECT_TIMEOUT_MS = 3_000
const MAX_CONNECT_TIMEOUT_MS = 60_000

/**
 * Reads the settings; the only place of this package that knows their names. An empty value counts as absent.
 *
 * @throws MillraceError MILLRACE_SETTING_INVALID that lists every problem, unknown `MILLRACE_*` names among them.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>>): ProducerConfig {
  const { REDIS_URL, MILLRACE_NAMESPACE, MILLRACE_CONNECT_TIMEOUT_MS } = env
  const connectTimeoutMs = MILLRACE_CONNECT_TIMEOUT_MS
    ? Number(MILLRACE_CONNECT_TIMEOUT_MS)
    : DEFAULT_CONNECT_TIMEOUT_MS
  const problems = [
    ...(REDIS_URL ? named('REDIS_URL', redisUrlProblem(REDIS_URL)) : []),
    ...(MILLRACE_NAMESPACE ? named('MILLRACE_NAMESPACE', namespaceProblem(MILLRACE_NAMESPACE)) : []),
    ...(Number.isInteger(connectTimeoutMs) && connectTimeoutMs >= 1 && connectTimeoutMs <= MAX_CONNECT_TIMEOUT_MS
      ? []
      : [
          `MILLRACE_CONNECT_TIMEOUT_MS: expected whole milliseconds from 1 to ${MAX_CONNECT_TIMEOUT_MS}, ` +
            `received ${JSON.stringify(MILLRACE_CONNECT_TIMEOUT_MS)}`,
        ]),
    ...unknownNames(env),
  ]
  if (problems.length > 0) {
    const head = problems.length === 1 ? 'A setting is wrong' : `${problems.length} settings are wrong`
    throw new MillraceError(
      'MILLRACE_SETTING_INVALID',
      `${head}:\n${problems.map((problem) => `  ${problem}`).join('\n')}`,
    )
  }
  return Object.freeze({
    redisUrl: REDIS_URL || undefined,
    namespace: MILLRACE_NAMESPACE || undefined,
    connectTimeoutMs,
  })
}

/** What is wrong with the address of a Redis, or `undefined`. The password, if there is one, is not repeated. */
export function redisUrlProblem(text: string): string | undefined {
  if (/^rediss?:\/\/[^/]/.test(text) && URL.canParse(text)) return undefined
  const received = JSON.stringify(text.replace(/\/\/.*@/, '//***@'))
  return `expected redis://[[user]:password@]host[:port][/database], or rediss:// with TLS, received ${received}`
}

/** What is wrong with the name of a pool, or `undefined`. It becomes part of every key of the pool. */
export function namespaceProblem(text: string): string | undefined {
  if (/^[\w.-]{1,64}$/.test(text)) return undefined
  return `expected 1 to 64 letters, digits, "_", "-" or ".", received ${JSON.stringify(text)}`
}

const named = (name: string, problem: string | undefined) => (problem === undefined ? [] : [`${name}: ${problem}`])

function unknownNames(env: Readonly<Record<string, string | undefined>>): string[] {
  const known = [...SETTINGS, ...WORKER_SETTINGS]
  const nearest = nearestOf(known)
  return Object.keys(env)
    .filter((name) => name.startsWith('MILLRACE_') && !known.includes(name) && !INJECTED.test(name))
    .sort()
    .map((name) => `${name}: there is no such setting.${didYouMean(nearest(name))}`)
}
