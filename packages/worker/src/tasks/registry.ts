import { MillraceError, type Task } from '@millrace/shared'

/** The tasks of one worker, by name. */
export interface TaskRegistry {
  readonly all: readonly Task[]
  /** Queues of the tasks, each once, in the order of the tasks. */
  readonly queues: readonly string[]
  find(name: string): Task | undefined
  /** @throws MillraceError MILLRACE_TASK_UNKNOWN */
  require(name: string): Task
}

/** @throws MillraceError MILLRACE_TASKS_INVALID when there is no task, or when two have the same name: all such names. */
export function createRegistry(tasks: readonly Task[]): TaskRegistry {
  if (tasks.length === 0) {
    throw new MillraceError('MILLRACE_TASKS_INVALID', 'A worker needs at least one task: make one with defineTask.')
  }
  const byName = new Map(tasks.map((task) => [task.name, task]))
  const twice = new Set(tasks.filter((task) => byName.get(task.name) !== task).map(({ name }) => name))
  if (twice.size > 0) {
    const names = [...twice].map((name) => `"${name}"`).join(', ')
    throw new MillraceError(
      'MILLRACE_TASKS_INVALID',
      `Several tasks have the same name: ${names}. Rename all but one of each.`,
    )
  }
  return {
    all: [...tasks],
    queues: [...new Set(tasks.map(({ queue }) => queue))],
    find: (name) => byName.get(name),
    require(name) {
      const task = byName.get(name)
      if (task) return task
      const known = [...byName.keys()].slice(0, 20).join(', ')
      throw new MillraceError(
        'MILLRACE_TASK_UNKNOWN',
        `This worker has no task "${name}"; it has ${known}. Deploy it, then replay.`,
      )
    },
  }
}
