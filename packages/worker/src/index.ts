export {
  type ErrorRule,
  type Resource,
  type ResourceOptions,
  type Task,
  type TaskContext,
  TaskError,
  type TaskOptions,
} from '@millrace/shared'
export { createWorker, type WorkerOptions } from './runtime/create-worker.ts'
export type { WorkerHandle } from './runtime/worker.ts'
export { defineResource } from './tasks/define-resource.ts'
export { defineTask } from './tasks/define-task.ts'
export { loadTasks } from './tasks/load.ts'
