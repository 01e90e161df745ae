import { type Handler, MillraceError, parseDuration, type Task, type TaskOptions } from '@millrace/shared'
import type { StandardSchemaV1 } from '@standard-schema/spec'

type InputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : unknown
type OutputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : unknown

const DEFAULT_TIMEOUT_MS = 5 * 60_000
const DEFAULT_RETRY = { attempts: 3, delay: '1s', maxDelay: '60s' } as const

/**
 * Declares a kind of work. The handler's argument has the type that the input schema produces.
 *
 * @throws MillraceError MILLRACE_TASKS_INVALID when the name or a duration makes no sense.
 *
 * @example
 * export default defineTask(
 *   { name: 'mail.send', input: z.object({ to: z.email() }), retry: 5, timeout: '30s' },
 *   async ({ to }, ctx) => send(to, { signal: ctx.signal }),
 * )
 */
export function defineTask<
  const Input extends StandardSchemaV1 | undefined = undefined,
  const Output extends StandardSchemaV1 | undefined = undefined,
>(options: TaskOptions<Input, Output>, handler: Handler<InputOf<Input>, OutputOf<Output>>): Task {
  const retry = typeof options.retry === 'number' ? { attempts: options.retry } : options.retry
  const task = {
    name: options.name,
    description: options.description ?? '',
    input: options.input,
    output: options.output,
    queue: options.queue ?? 'default',
    retry: {
      attempts: retry?.attempts ?? DEFAULT_RETRY.attempts,
      delayMs: duration(options.name, 'retry.delay', retry?.delay ?? DEFAULT_RETRY.delay),
      maxDelayMs: duration(options.name, 'retry.maxDelay', retry?.maxDelay ?? DEFAULT_RETRY.maxDelay),
    },
    timeoutMs: options.timeout === undefined ? DEFAULT_TIMEOUT_MS : duration(options.name, 'timeout', options.timeout),
    handler,
  }
  return Object.freeze(task) as unknown as Task
}

function duration(task: string, field: string, value: number | string): number {
  const ms = parseDuration(value)
  if (ms !== undefined) return ms
  throw new MillraceError(
    'MILLRACE_TASKS_INVALID',
    `Task "${task}": ${field} is ${JSON.stringify(value)}; write milliseconds, or a number with a unit such as "30s" or "5m".`,
  )
}
