import {
  type Duration,
  type Handler,
  MAX_DURATION_MS,
  MillraceError,
  parseDuration,
  type Task,
  type TaskOptions,
} from '@millrace/shared'
import type { StandardSchemaV1 } from '@standard-schema/spec'

type InputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : unknown
type OutputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : unknown

const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/
const MAX_ATTEMPTS = 100
const FIELDS = ['name', 'description', 'input', 'output', 'queue', 'retry', 'timeout']

/**
 * Declares a kind of work. The handler's argument has the type that the input schema produces.
 *
 * @throws MillraceError MILLRACE_TASKS_INVALID with every problem of the declaration.
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
  const problems: string[] = []
  const check = (holds: boolean, problem: () => string) => holds || problems.push(problem())
  const duration = (field: string, value: Duration, least: number): number => {
    const ms = parseDuration(value)
    check(ms !== undefined && ms >= least, () => durationProblem(field, value, least))
    return ms ?? 0
  }

  const { name, queue = 'default', retry = {}, timeout = '5m', input, output } = options
  const { attempts = 3, delay = '1s', maxDelay = '60s' } = typeof retry === 'number' ? { attempts: retry } : retry
  for (const field of Object.keys(options)) {
    check(FIELDS.includes(field), () => `"${field}" is no field of a task; there are ${FIELDS.join(', ')}`)
  }
  check(
    NAME.test(name),
    () => `name is ${show(name)}; begin with a letter or "_", go on with letters, digits, "_", "." or "-"`,
  )
  check(
    NAME.test(queue),
    () => `queue is ${show(queue)}; begin with a letter or "_", go on with letters, digits, "_", "." or "-"`,
  )
  check(Number.isInteger(attempts) && attempts >= 1 && attempts <= MAX_ATTEMPTS, () => {
    return `retry.attempts is ${show(attempts)}; write a whole number from 1 to ${MAX_ATTEMPTS}`
  })
  check(isSchema(input), () => `input is ${show(input)}; give a Standard Schema, for instance one made with zod`)
  check(isSchema(output), () => `output is ${show(output)}; give a Standard Schema, for instance one made with zod`)
  check(typeof handler === 'function', () => `the handler is ${show(handler)}; give a function`)
  const task = {
    name,
    description: options.description ?? '',
    input,
    output,
    queue,
    retry: Object.freeze({
      attempts,
      delayMs: duration('retry.delay', delay, 0),
      maxDelayMs: duration('retry.maxDelay', maxDelay, 0),
    }),
    timeoutMs: duration('timeout', timeout, 1),
    handler,
  }
  if (problems.length === 0) return Object.freeze(task) as unknown as Task
  throw new MillraceError(
    'MILLRACE_TASKS_INVALID',
    `Task ${show(name)} cannot be used:\n${problems.map((p) => `- ${p}`).join('\n')}`,
  )
}

/** A schema may be an object or, as arktype's are, a function. */
function isSchema(schema: unknown): boolean {
  if (schema === undefined) return true
  return schema !== null && (typeof schema === 'object' || typeof schema === 'function') && '~standard' in schema
}

function durationProblem(field: string, value: Duration, least: number): string {
  const range = `from ${least} ms to ${MAX_DURATION_MS / 86_400_000} days`
  return `${field} is ${show(value)}; write milliseconds, or a number with a unit such as "30s" or "5m", ${range}`
}

const show = (value: unknown): string =>
  typeof value === 'string'
    ? JSON.stringify(value.slice(0, 120))
    : typeof value === 'object' && value
      ? 'an object'
      : String(value)
