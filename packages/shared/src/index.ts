export { ERRORS, type ErrorCode, type Verdict } from './errors/catalogue.ts'
export { MillraceError } from './errors/millrace-error.ts'
export { TaskError } from './errors/task-error.ts'
export type {
  DeadLetter,
  DeadLetterFilter,
  JobCounts,
  JobView,
  QueueView,
  WorkflowEvent,
  WorkflowSummary,
  WorkflowView,
} from './engine/views.ts'
export type { Handler, Task, TaskContext, TaskOptions } from './tasks/task.ts'
export type { Duration, JobDefinition, RetryDefinition, WorkflowDefinition } from './workflow/definition.ts'
export { MAX_DURATION_MS, parseDuration } from './workflow/duration.ts'
export type { Issue } from './workflow/issue.ts'
export type { Json } from './workflow/json.ts'
export type { Plan, PlannedJob, RetryPlan } from './workflow/plan.ts'
export * from './workflow/states.ts'
