import { type Handler, MillraceError, type Task, type TaskOptions } from '@millrace/shared'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import { cache } from './options/cache.ts'
import { errors } from './options/errors.ts'
import { fleet } from './options/fleet.ts'
import { identity } from './options/identity.ts'
import { isolation } from './options/isolation.ts'
import { limits } from './options/limits.ts'
import { collectProblems, show } from './options/problems.ts'
import { protection } from './options/protection.ts'
import type { Declared } from './options/reader.ts'
import { schemas } from './options/schemas.ts'

type InputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<S> : unknown
type OutputOf<S> = S extends StandardSchemaV1 ? StandardSchemaV1.InferInput<S> : unknown

/** Each reads some fields; together they read all. */
const READERS = [identity, schemas, limits, fleet, cache, errors, protection, isolation] as const

const FIELDS: readonly string[] = READERS.flatMap(({ fields }) => fields)

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
  const problems = collectProblems()
  for (const field of Object.keys(options)) {
    problems.check(FIELDS.includes(field), () => {
      return `"${field}" is no field of a task; there are ${FIELDS.join(', ')}`
    })
  }
  const parts = READERS.map((reader) => reader.read(options as Declared, problems))
  problems.check(typeof handler === 'function', () => `the handler is ${show(handler)}; give a function`)
  if (problems.list.length === 0) return Object.freeze(Object.assign({ handler }, ...parts)) as Task
  throw new MillraceError(
    'MILLRACE_TASKS_INVALID',
    `Task ${show(options.name)} cannot be used:\n${problems.list.map((p) => `- ${p}`).join('\n')}`,
  )
}
