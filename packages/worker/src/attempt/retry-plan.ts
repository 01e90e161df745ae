import type { JobData, LockedJob, Task } from '@millrace/shared'
import type { AdvancedOptions } from 'bullmq'
import { delayAfter, randomOf } from '../policies/retry.ts'

type Job = LockedJob['job']
type Plan = Task['retry']

/** Stacks kept of a job; BullMQ would keep that of every attempt. */
const MAX_STACKS = 5
/** What BullMQ calls the way of waiting that `backoffStrategy` stands for; beside it, where BullMQ does not look, the plan. */
interface Backoff {
  readonly type: 'decorrelated'
  readonly plan: Plan
}

/** What the job says, completed by what its task says. */
const retryPlan = ({ retry }: Pick<JobData, 'retry'>, task: Pick<Task, 'retry'>): Plan =>
  retry ? { ...task.retry, ...retry } : task.retry

/** Tells BullMQ, before it decides, how often this job is tried. In memory only: the next attempt may know another task. */
export function applyRetry(job: Job, task: Task): void {
  const plan = retryPlan(job.data, task)
  job.opts.attempts = plan.attempts
  const backoff: Backoff = { type: 'decorrelated', plan }
  job.opts.backoff = backoff
  job.opts.stackTraceLimit = MAX_STACKS
}

const leastDelays = new WeakMap<object, number>()

/** The next attempt of the job comes no earlier than so many milliseconds after this one: a service asked for it. */
export function delayAtLeast(job: Job, ms: number): void {
  leastDelays.set(job, ms)
}

/** Jobs that were all told the same come back within a tenth of that time after it, not all at once. */
const SPREAD = 0.1

/** BullMQ's `settings.backoffStrategy`: called with the number of the attempt that failed, gives milliseconds. */
export const backoffStrategy: NonNullable<AdvancedOptions['backoffStrategy']> = (failed, _type, _error, job) => {
  const { plan } = Object(job?.opts.backoff) as Partial<Backoff>
  if (!job?.id || !plan) return 0
  const random = randomOf(job.id)
  const least = leastDelays.get(job) ?? 0
  return Math.max(delayAfter(failed, plan, random), Math.round(least * (1 + SPREAD * random(failed))))
}
