import type { Task } from '@millrace/shared'

const sources = new WeakMap<Task, string>()

/** Notes the file that a task was loaded from. */
export const noteSource = (task: Task, file: string): void => void sources.set(task, file)

/** Absolute path of the file that a task was loaded from; nothing when it was made in code. */
export const sourceOf = (task: Task): string | undefined => sources.get(task)
