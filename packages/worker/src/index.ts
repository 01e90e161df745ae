export { type Task, type TaskContext, TaskError, type TaskOptions } from '@millrace/shared'
export { createWorker, type WorkerHandle, type WorkerOptions } from './runtime/worker.ts'
export { defineTask } from './tasks/define-task.ts'
export { loadTasks } from './tasks/load.ts'
