import { type Json, MillraceError, type Task } from '@millrace/shared'
import { type Checked, checkWith } from '../tasks/schema.ts'
import { toJson } from './to-json.ts'

/**
 * What a handler returned, as the task's schema lets it through, as plain data; `null` for nothing.
 *
 * @returns a promise only where the schema takes one: every job passes here.
 * @throws MillraceError MILLRACE_OUTPUT_INVALID, MILLRACE_OUTPUT_UNSERIALISABLE or MILLRACE_OUTPUT_TOO_LARGE.
 */
export function checkOutput(task: Task, returned: unknown, maxBytes: number): Json | Promise<Json> {
  if (returned === undefined && !task.output) return null
  const checked = checkWith(task.output, returned)
  return checked instanceof Promise
    ? checked.then((later) => keepable(task, later, maxBytes))
    : keepable(task, checked, maxBytes)
}

function keepable(task: Task, checked: Checked<unknown>, maxBytes: number): Json {
  if (!checked.ok) {
    throw new MillraceError(
      'MILLRACE_OUTPUT_INVALID',
      `The output does not fit the task "${task.name}": ${checked.problems.join('; ')}`,
    )
  }
  const json = toJson(checked.value)
  if (!json.ok) {
    const problems = json.problems.join('; ')
    throw new MillraceError(
      'MILLRACE_OUTPUT_UNSERIALISABLE',
      `JSON cannot carry what the task "${task.name}" returned: ${problems}`,
    )
  }
  const bytes = Buffer.byteLength(JSON.stringify(json.value))
  if (bytes <= maxBytes) return json.value
  throw new MillraceError(
    'MILLRACE_OUTPUT_TOO_LARGE',
    `The output of the task "${task.name}" is ${bytes} bytes of JSON; at most ${maxBytes} are kept. Store it elsewhere and return its address.`,
  )
}
