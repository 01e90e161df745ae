import { type JobData, type Json, MillraceError, resolveReferences, type Task } from '@millrace/shared'
import { checkWith } from '../tasks/schema.ts'

export type Needs = Readonly<Record<string, Json>>

/**
 * The input of a job: its `with` with the references to its needs resolved, as the task's schema lets it through;
 * `null` for a job without `with`.
 *
 * @throws MillraceError MILLRACE_REFERENCE_UNRESOLVED or MILLRACE_INPUT_INVALID, with every problem.
 */
export async function readInput(task: Task, data: JobData, needs: Needs): Promise<unknown> {
  const input = data.with === undefined ? null : resolve(data.with, needs)
  const checked = await checkWith(task.input, input)
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
