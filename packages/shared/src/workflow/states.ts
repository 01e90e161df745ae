/** How urgent a workflow or job is; the order of this list is the order of the levels, most urgent first. */
export const LEVELS = ['critical', 'high', 'normal', 'low', 'background'] as const
export type Level = (typeof LEVELS)[number]

/** Which ends of its needs let a job run. Decided once, when all of its needs have ended. */
export const TRIGGERS = ['succeeded', 'failed', 'always'] as const
export type Trigger = (typeof TRIGGERS)[number]

/** What a dead job does to the jobs that need it: they end as skipped, or wait for its replay. */
export const FAILURE_POLICIES = ['skip', 'hold'] as const
export type FailurePolicy = (typeof FAILURE_POLICIES)[number]

/** How much thought a job takes. `meta`: it plans or hands out work for others. */
export const COMPLEXITIES = ['simple', 'medium', 'complex', 'meta'] as const
export type Complexity = (typeof COMPLEXITIES)[number]

export const JOB_STATES = [
  'waiting',
  'delayed',
  'queued',
  'active',
  'succeeded',
  'dead',
  'skipped',
  'cancelled',
] as const
export type JobState = (typeof JOB_STATES)[number]

export const WORKFLOW_STATES = ['loading', 'running', 'succeeded', 'failed', 'cancelled'] as const
export type WorkflowState = (typeof WORKFLOW_STATES)[number]
