import { LOG_LEVELS, MillraceError, parseDuration, type TracingSettings, tracingSettings } from '@millrace/shared'
import { z } from 'zod'
import { type ConcurrencyRange, MAX_SLOTS, parseRange } from './concurrency/range.ts'

/** `25s`, `500ms`, or milliseconds as a bare number; gives milliseconds. */
const duration = (leastMs: number) =>
  z.string().transform((text, context) => {
    const ms = parseDuration(/^\d+$/.test(text) ? Number(text) : text)
    if (ms !== undefined && ms >= leastMs) return ms
    context.addIssue(`write milliseconds, or a number with a unit such as "30s"; at least ${leastMs} ms`)
    return z.NEVER
  })

const whole = (least: number, most: number) =>
  z.string().transform((text, context) => {
    const number = Number(text)
    if (text.trim() !== '' && Number.isInteger(number) && number >= least && number <= most) return number
    context.addIssue(`write a whole number from ${least} to ${most}`)
    return z.NEVER
  })

const range = z.string().transform((text, context) => {
  const parsed = parseRange(text)
  if (parsed) return parsed
  context.addIssue(`write a number from 1 to ${MAX_SLOTS}, or a range such as "4-32"`)
  return z.NEVER
})

const list = z
  .string()
  .transform((text) =>
    text
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== ''),
  )
  .refine((items) => items.length > 0, 'name at least one, separated by commas')
  .refine((items) => items.every((item) => /^[A-Za-z_][\w.-]*$/.test(item)), 'use letters, digits, "_", "." or "-"')

/** The settings of a worker: this file alone knows their names. */
const SETTINGS = {
  /** Where the pool's Redis is. */
  REDIS_URL: z
    .string()
    .regex(/^rediss?:\/\//, 'begin with redis:// or rediss://')
    .default('redis://127.0.0.1:6379'),
  /** Separates pools that share one Redis. */
  MILLRACE_NAMESPACE: z
    .string()
    .regex(/^[\w.-]{1,64}$/, 'use 1 to 64 letters, digits, "_", "-" or "."')
    .default('millrace'),
  /** Folder with the modules that export tasks; `millrace-worker` needs it. */
  MILLRACE_TASKS: z.string().min(1, 'name a folder').optional(),
  /** Queues to work on, separated by commas. Default: those of the tasks. */
  MILLRACE_QUEUES: list.optional(),
  /** Jobs run at once, over all queues: a fixed number, or a range within which the worker finds its own. */
  MILLRACE_CONCURRENCY: range.prefault('4-32'),
  /** Share of memory, in percent, above which nothing more is taken. */
  MILLRACE_MEMORY_HIGH: whole(20, 100).prefault('80'),
  /** What the worker is called in logs and dead letters. Default: host name and process id. */
  MILLRACE_WORKER_NAME: z
    .string()
    .regex(/^[\w.-]{1,100}$/, 'use 1 to 100 letters, digits, "_", "-" or "."')
    .optional(),
  /** Failures without a success between them that open the breaker of a resource. */
  MILLRACE_BREAKER_FAILURES: whole(1, 10_000).prefault('5'),
  /** Time from the opening of a breaker to its probe; doubles with every probe that fails. */
  MILLRACE_BREAKER_HALF_OPEN_AFTER: duration(1).prefault('60s'),
  /** Upper bound of that. */
  MILLRACE_BREAKER_HALF_OPEN_MAX: duration(1).prefault('10m'),
  /** Attempts at once that use the same resource, per worker. Default: half of its slots. */
  MILLRACE_BULKHEAD: whole(1, 512).optional(),
  /** Limit of one call by `ctx.resource(name).execute`. */
  MILLRACE_RESOURCE_TIMEOUT: duration(1).prefault('30s'),
  /** How long a drain waits for what runs. Keep it below the grace period of whatever stops the process. */
  MILLRACE_DRAIN: duration(0).prefault('25s'),
  /** How long a handler may clean up after its signal was aborted, before it is given up. */
  MILLRACE_GRACE: duration(0).prefault('1s'),
  /** How long a job stays with a worker that does not renew its lock. Renewed at half. */
  MILLRACE_LOCK: duration(1_000).prefault('10s'),
  /** How often jobs of vanished workers are looked for. Default: a quarter of the lock. */
  MILLRACE_STALLED_EVERY: duration(100).optional(),
  /** How often a job may lose its worker before it is buried. */
  MILLRACE_MAX_STALLS: whole(0, 100).prefault('1'),
  /** Longest output of a job, in bytes of JSON. */
  MILLRACE_MAX_OUTPUT_BYTES: whole(1, 64 * 1024 * 1024).prefault('262144'),
  /** What a job may keep for its later attempts, and what the jobs of a workflow may share, in bytes of JSON. */
  MILLRACE_MAX_KEPT_BYTES: whole(1, 64 * 1024 * 1024).prefault('1048576'),
  /** What failures are noted with, e.g. the version of the tasks. Default: the version of this package. */
  MILLRACE_WORKER_VERSION: z
    .string()
    .regex(/^[\w.+-]{1,100}$/, 'use 1 to 100 letters, digits, "_", "-", "." or "+"')
    .optional(),
  /** Failures of one kind, in the whole pool and within the window, that escalate. */
  MILLRACE_ESCALATE_COUNT: whole(1, 1_000_000).prefault('100'),
  /** What counts for an escalation, and how long it is not told again. */
  MILLRACE_ESCALATE_WINDOW: duration(1_000).prefault('10m'),
  /** Gets every escalation as JSON. */
  MILLRACE_ESCALATE_WEBHOOK: z
    .string()
    .refine((text) => /^https?:\/\//.test(text) && URL.canParse(text), 'begin with http:// or https://')
    .optional(),
  /** Port of `/metrics`, `/livez` and `/readyz`; 0 takes one that is free. Default: none; `millrace-worker` takes a free one. */
  MILLRACE_HTTP_PORT: whole(0, 65_535).optional(),
  MILLRACE_LOG_LEVEL: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(', ')}`).default('info'),
  /** Fields that are secret besides those that are by their name: names, or ends of paths such as `card.number`. */
  MILLRACE_LOG_REDACT: list.optional(),
  /** `pretty` for people, `json` for machines, `auto`: pretty on a terminal. */
  MILLRACE_LOG_FORMAT: z.enum(['auto', 'json', 'pretty'], 'one of auto, json, pretty').default('auto'),
}

/** Names that other parts of Millrace read, so that one environment may serve them all. */
const OTHERS = /^MILLRACE_(?:PRODUCER|DASHBOARD|DEMO|TEST)_/

/** What Kubernetes and Docker add by themselves for a service whose name begins with `millrace-`. */
const INJECTED = /_SERVICE_(?:HOST|PORT(?:_\w+)?)$|_PORT(?:_\d+_(?:TCP|UDP)(?:_(?:PROTO|PORT|ADDR))?)?$/

export type Setting = keyof typeof SETTINGS
export const SETTING_NAMES = Object.keys(SETTINGS) as Setting[]

export interface WorkerConfig {
  readonly redisUrl: string
  readonly namespace: string
  readonly tasks: string | undefined
  readonly queues: readonly string[] | undefined
  readonly concurrency: ConcurrencyRange
  readonly memoryHigh: number
  readonly name: string | undefined
  readonly breakerFailures: number
  readonly breakerHalfOpenAfterMs: number
  readonly breakerMaxHalfOpenAfterMs: number
  readonly bulkhead: number | undefined
  readonly resourceTimeoutMs: number
  readonly drainMs: number
  readonly graceMs: number
  readonly lockMs: number
  readonly stalledEveryMs: number | undefined
  readonly maxStalls: number
  readonly maxOutputBytes: number
  readonly maxKeptBytes: number
  readonly version: string | undefined
  readonly escalateCount: number
  readonly escalateWindowMs: number
  readonly escalateWebhook: string | undefined
  readonly httpPort: number | undefined
  /** Default: everybody who can reach this machine. */
  readonly httpHost: string | undefined
  /** What OTEL_* variables ask for. */
  readonly tracing: TracingSettings | false | undefined
  readonly logLevel: (typeof LOG_LEVELS)[number]
  readonly logRedact: readonly string[]
  readonly logFormat: 'auto' | 'json' | 'pretty'
}

/**
 * Reads the worker's settings. An empty value counts as none.
 *
 * @throws MillraceError MILLRACE_SETTING_INVALID with every problem, names that do not exist among them.
 */
export function readConfig(env: Readonly<Record<string, string | undefined>> = process.env): WorkerConfig {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const unknown = Object.keys(given).filter(
    (name) => name.startsWith('MILLRACE_') && !(name in SETTINGS) && !OTHERS.test(name) && !INJECTED.test(name),
  )
  const parsed = z.object(SETTINGS).safeParse(given)
  const problems = [
    ...(parsed.error?.issues ?? []).map(({ path, message }) => {
      const name = String(path[0])
      return `${name} is ${name === 'REDIS_URL' ? 'no Redis URL' : JSON.stringify(given[name])}: ${message}`
    }),
    ...unknown.map((name) => `${name}: there is no such setting; there are ${SETTING_NAMES.join(', ')}`),
  ]
  if (!parsed.success || problems.length > 0) {
    throw new MillraceError(
      'MILLRACE_SETTING_INVALID',
      `The settings cannot be used:\n${problems.map((p) => `- ${p}`).join('\n')}`,
    )
  }
  const { data } = parsed
  return Object.freeze({
    redisUrl: data.REDIS_URL,
    namespace: data.MILLRACE_NAMESPACE,
    tasks: data.MILLRACE_TASKS,
    queues: data.MILLRACE_QUEUES,
    concurrency: data.MILLRACE_CONCURRENCY,
    memoryHigh: data.MILLRACE_MEMORY_HIGH / 100,
    name: data.MILLRACE_WORKER_NAME,
    breakerFailures: data.MILLRACE_BREAKER_FAILURES,
    breakerHalfOpenAfterMs: data.MILLRACE_BREAKER_HALF_OPEN_AFTER,
    breakerMaxHalfOpenAfterMs: data.MILLRACE_BREAKER_HALF_OPEN_MAX,
    bulkhead: data.MILLRACE_BULKHEAD,
    resourceTimeoutMs: data.MILLRACE_RESOURCE_TIMEOUT,
    drainMs: data.MILLRACE_DRAIN,
    graceMs: data.MILLRACE_GRACE,
    lockMs: data.MILLRACE_LOCK,
    stalledEveryMs: data.MILLRACE_STALLED_EVERY,
    maxStalls: data.MILLRACE_MAX_STALLS,
    maxOutputBytes: data.MILLRACE_MAX_OUTPUT_BYTES,
    maxKeptBytes: data.MILLRACE_MAX_KEPT_BYTES,
    version: data.MILLRACE_WORKER_VERSION,
    escalateCount: data.MILLRACE_ESCALATE_COUNT,
    escalateWindowMs: data.MILLRACE_ESCALATE_WINDOW,
    escalateWebhook: data.MILLRACE_ESCALATE_WEBHOOK,
    httpPort: data.MILLRACE_HTTP_PORT,
    httpHost: undefined,
    tracing: tracingSettings(env),
    logLevel: data.MILLRACE_LOG_LEVEL,
    logRedact: data.MILLRACE_LOG_REDACT ?? [],
    logFormat: data.MILLRACE_LOG_FORMAT,
  })
}
