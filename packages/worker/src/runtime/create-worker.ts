import {
  createLogger,
  type Logger,
  MillraceError,
  type Resource,
  type Task,
  type TracingSettings,
} from '@millrace/shared'
import { type ConcurrencyRange, MAX_SLOTS, parseRange, rangeText } from '../concurrency/range.ts'
import { readConfig, type WorkerConfig } from '../config.ts'
import { startWorker, type WorkerHandle } from './worker.ts'

/** Whatever is absent comes from the settings, docs/configuration.md; times in milliseconds. */
export interface WorkerOptions {
  readonly tasks: readonly Task[]
  /** Resources that the tasks use. One that is used and not among them has the defaults. */
  readonly resources?: readonly Resource[]
  /** Default: those of the tasks. */
  readonly queues?: readonly string[]
  /** Jobs run at once, over all queues: a fixed number, or a range within which the worker finds its own. */
  readonly concurrency?: number | ConcurrencyRange
  /** Share of memory, from 0 to 1, above which nothing more is taken. */
  readonly memoryHigh?: number
  /** Redis URL. */
  readonly connection?: string
  readonly namespace?: string
  readonly name?: string
  /** Defaults of resources that say nothing else. */
  readonly breakerFailures?: number
  readonly breakerHalfOpenAfterMs?: number
  readonly breakerMaxHalfOpenAfterMs?: number
  readonly bulkhead?: number
  readonly resourceTimeoutMs?: number
  readonly lockMs?: number
  readonly stalledEveryMs?: number
  readonly maxStalls?: number
  readonly drainMs?: number
  readonly graceMs?: number
  readonly maxOutputBytes?: number
  readonly maxKeptBytes?: number
  /** Noted with failures, e.g. the version of your tasks. */
  readonly version?: string
  readonly escalateCount?: number
  readonly escalateWindowMs?: number
  readonly escalateWebhook?: string
  /** Serves `/metrics`, `/livez` and `/readyz` on this port; 0: any that is free. */
  readonly httpPort?: number
  /** Spans for every attempt. Default: what OTEL_* variables ask for; `false`: none. */
  readonly tracing?: TracingSettings | false
  readonly log?: Logger
}

/**
 * Starts a worker in this process; it runs jobs from now on.
 *
 * @throws MillraceError MILLRACE_TASKS_INVALID, MILLRACE_SETTING_INVALID, MILLRACE_BROKER_UNREACHABLE, or
 *   MILLRACE_ENGINE_UNPROVEN when this Redis and this BullMQ do not work together as they must.
 *
 * @example
 * const worker = await createWorker({ tasks: [greet], concurrency: 4 })
 * process.once('SIGTERM', () => worker.drain())
 */
export async function createWorker({
  tasks,
  resources,
  connection,
  concurrency,
  log,
  ...options
}: WorkerOptions): Promise<WorkerHandle> {
  const range = concurrency === undefined ? undefined : requireRange(concurrency)
  const given = Object.entries({ ...options, concurrency: range, redisUrl: connection }).filter(
    ([, value]) => value !== undefined,
  )
  const config: WorkerConfig = { ...readConfig(), ...Object.fromEntries(given) }
  return startWorker(
    tasks,
    config,
    log ?? createLogger({ service: 'worker', level: config.logLevel, redact: config.logRedact }),
    resources,
  )
}

function requireRange(concurrency: number | ConcurrencyRange): ConcurrencyRange {
  const range = typeof concurrency === 'number' ? { min: concurrency, max: concurrency } : concurrency
  if (parseRange(rangeText(range))) return range
  throw new MillraceError(
    'MILLRACE_SETTING_INVALID',
    `concurrency is ${JSON.stringify(concurrency)}; give a whole number from 1 to ${MAX_SLOTS}, or { min, max }`,
  )
}
