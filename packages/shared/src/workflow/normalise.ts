import type { JobFacts } from './checks/facts.ts'
import { namesIn } from './checks/facts.ts'
import type { JobTemplates } from './checks/references.ts'
import { parseDuration } from './duration.ts'
import type { Json } from './json.ts'
import type { PlannedJob, RetryPlan } from './plan.ts'
import { isRecord } from './references/walk.ts'
import type { Complexity, Level, Trigger } from './states.ts'

/** What a job inherits when its definition is silent. */
export interface JobDefaults {
  readonly priority: Level
  /** Queue of a task; `undefined` when the task is not known here. */
  readonly queueOf: (task: string) => string | undefined
  /** Added to the delay of jobs without needs, in milliseconds. */
  readonly startDelayMs: number
}

/** Queue of jobs whose definition and task name none. */
const DEFAULT_QUEUE = 'default'

/** Turns a job that has no findings into its plan: defaults filled in, durations in milliseconds, needs as a list. */
export function normaliseJob(job: JobFacts, templates: JobTemplates, defaults: JobDefaults): PlannedJob {
  const { fields, name } = job
  const task = fields.task as string
  const needs = job.needs.map((need) => need.name)
  const estimateMs = durationMs(fields.estimate)
  return {
    name,
    task,
    needs,
    when: (fields.when as Trigger | undefined) ?? 'succeeded',
    with: templates.with,
    foreach: templates.foreach,
    uses: [...new Set(namesIn(fields.uses, []).map((resource) => resource.name))],
    queue: (fields.queue as string | undefined) ?? defaults.queueOf(task) ?? DEFAULT_QUEUE,
    priority: (fields.priority as Level | undefined) ?? defaults.priority,
    delayMs: (durationMs(fields.delay) ?? 0) + (needs.length === 0 ? defaults.startDelayMs : 0),
    timeoutMs: durationMs(fields.timeout),
    retry: retryPlan(fields.retry),
    ...(estimateMs !== undefined && { estimateMs }),
    ...(fields.complexity !== undefined && { complexity: fields.complexity as Complexity }),
    ...(fields.type !== undefined && { type: fields.type as string }),
  }
}

/** Milliseconds of a duration that has been checked; `undefined` when the field is absent. */
export const durationMs = (value: Json | undefined): number | undefined =>
  typeof value === 'string' || typeof value === 'number' ? parseDuration(value) : undefined

function retryPlan(retry: Json | undefined): RetryPlan | undefined {
  if (typeof retry === 'number') return { attempts: retry }
  if (!isRecord(retry)) return undefined
  const delayMs = durationMs(retry.delay)
  const maxDelayMs = durationMs(retry.maxDelay)
  return {
    ...(typeof retry.attempts === 'number' ? { attempts: retry.attempts } : {}),
    ...(delayMs === undefined ? {} : { delayMs }),
    ...(maxDelayMs === undefined ? {} : { maxDelayMs }),
  }
}
