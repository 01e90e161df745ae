import { type JobData, type Json, MillraceError, resolveReferences, type Task } from '@millrace/shared'
import { type Checked, checkWith } from '../tasks/schema.ts'

export type Needs = Readonly<Record<string, Json>>

/**
 * The input of a job: its `with` with the references to its needs resolved, as the task's schema lets it through;
 * `null` for a job without `with`.
 *
 * @returns a promise only where the schema takes one: every job passes here.
 * @throws MillraceError MILLRACE_REFERENCE_UNRESOLVED or MILLRACE_INPUT_INVALID, with every problem.
 */
export function readInput(task: Task, data: JobData, needs: Needs): unknown {
  const input = data.with === undefined ? null : resolve(data.with, needs)
  const checked = checkWith(task.input, input)
  return checked instanceof Promise ? checked.then((later) => fitting(task, later)) : fitting(task, checked)
}

function fitting(task: Task, checked: Checked<unknown>): unknown {
  if (checked.ok) return checked.value
  throw new MillraceError(
    'MILLRACE_INPUT_INVALID',
    `The input does not fit the task "${task.name}": ${checked.problems.join('; ')}`,
  )
}

function resolve(template: Json, needs: Needs): Json {
  const resolved = resolveReferences(template, { needs })
  if (resolved.ok) return resolved.value
  throw new MillraceError('MILLRACE_REFERENCE_UNRESOLVED', resolved.problems.join('; '))
}
