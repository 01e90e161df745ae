import type { Task } from '@millrace/shared'

/**
 * True for what `defineTask` gives. Looks at the shape and not at the origin: a task folder may have installed its own
 * copy of this package.
 */
export function isTask(value: unknown): value is Task {
  if (typeof value !== 'object' || value === null) return false
  const task = value as Partial<Record<keyof Task, unknown>>
  return (
    typeof task.name === 'string' &&
    typeof task.queue === 'string' &&
    'timeoutMs' in task &&
    Array.isArray(task.errors) &&
    typeof task.retry === 'object' &&
    typeof task.handler === 'function'
  )
}
