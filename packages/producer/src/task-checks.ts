import type { Json, Task } from '@millrace/shared'

/** What planning knows of a task: the queue its jobs go to, and how to check their input. */
export interface TaskCheck {
  readonly queue: string
  /** Problems of an input, each with its path; empty when it fits. */
  check(input: Json): Promise<string[]>
}

/** The tasks a producer was given, by name. */
export function taskChecks(tasks: readonly Task[]): ReadonlyMap<string, TaskCheck> {
  return new Map(tasks.map((task) => [task.name, { queue: task.queue, check: (input) => problemsOf(task, input) }]))
}

async function problemsOf(task: Task, input: Json): Promise<string[]> {
  const result = await task.input?.['~standard'].validate(input)
  return (result?.issues ?? []).map(({ message, path = [] }) => {
    const where = path.map((step) => (typeof step === 'object' ? step.key : step)).join('.')
    return where ? `${where}: ${message}` : message
  })
}
