import type { JobData, LockedJob, Task } from '@millrace/shared'
import type { AdvancedOptions } from 'bullmq'
import { delayAfter, randomOf } from '../policies/retry.ts'

type Job = LockedJob['job']
type Plan = Task['retry']

/** Stacks kept of a job; BullMQ would keep that of every attempt. */
const MAX_STACKS = 5
const BACKOFF = 'decorrelated'

/** What the job says, completed by what its task says. */
const retryPlan = (data: Pick<JobData, 'retry'>, task: Pick<Task, 'retry'>): Plan => ({
  ...task.retry,
  ...data.retry,
})

/** Tells BullMQ, before it decides, how often this job is tried. In memory only: the next attempt may know another task. */
export function applyRetry(job: Job, task: Task): void {
  const plan = retryPlan(job.data, task)
  job.opts.attempts = plan.attempts
  job.opts.backoff = { type: BACKOFF }
  job.opts.stackTraceLimit = MAX_STACKS
  plans.set(job, plan)
}

const plans = new WeakMap<object, Plan>()

/** BullMQ's `settings.backoffStrategy`: called with the number of the attempt that failed, gives milliseconds. */
export const backoffStrategy: NonNullable<AdvancedOptions['backoffStrategy']> = (failed, _type, _error, job) => {
  const plan = job && plans.get(job)
  if (!job?.id || !plan) return 0
  return delayAfter(failed, plan, randomOf(job.id))
}
