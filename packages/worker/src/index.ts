export { defineTask } from './tasks/define-task.ts'
