import type { Task, TaskOptions } from '@millrace/shared'
import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Problems } from './problems.ts'

/** A declaration as its author may have written it: the types hold only when the author's compiler checked them. */
export type Declared = TaskOptions<StandardSchemaV1 | undefined, StandardSchemaV1 | undefined>

/** Reads some fields of a task's declaration, checks them and fills in what is absent. */
export interface OptionReader<Fields extends keyof Task> {
  readonly fields: readonly (keyof Declared)[]
  read(declared: Declared, problems: Problems): Pick<Task, Fields>
}
