// Why something does not run, as the API answers it.
import { JOB_STATES, LEVELS, REASON_CODES, WORKFLOW_STATES } from '@millrace/shared'
import { z } from 'zod'
import { jobCounts } from './shapes.ts'

const at = z.number().describe('when this was true, ms since 1970')
const count = z.int().min(0)

const reason = z
  .object({
    code: z.enum(REASON_CODES),
    about: z.string().optional().describe('what it lies at, e.g. `resource stripe`; absent: the job itself'),
    text: z.string().describe('one sentence for people'),
    until: z.number().optional().describe('when it ends by itself, ms since 1970'),
    help: z.string().optional().describe('what lifts it'),
    data: z.record(z.string(), z.json()).optional(),
  })
  .meta({ id: 'Reason' })

const levels = z.record(z.enum(LEVELS), count).describe('jobs that wait for a slot, by level')

export const jobReasons = z
  .object({
    kind: z.literal('job'),
    workflow: z.string(),
    job: z.string(),
    task: z.string(),
    queue: z.string(),
    level: z.enum(LEVELS),
    state: z.enum(JOB_STATES),
    at,
    reasons: z.array(reason).describe('all of them: each alone would keep it'),
    start: z
      .object({
        at: z.number().optional().describe('ms since 1970; absent when it cannot be said'),
        how: z.string().describe('how it was reckoned, or why it cannot be'),
      })
      .optional()
      .describe('when it is likely to begin; absent when it runs or has ended'),
  })
  .meta({ id: 'JobReasons' })

export const workflowReasons = z
  .object({
    kind: z.literal('workflow'),
    workflow: z.string(),
    name: z.string(),
    state: z.enum(WORKFLOW_STATES),
    at,
    jobs: jobCounts,
    reasons: z.array(reason).describe('what concerns all of it'),
    frontier: z
      .array(z.object({ reason, jobs: count, names: z.array(z.string()).describe('some of them') }))
      .describe('jobs without open needs that have not ended, by what keeps them; the largest group first'),
    complete: z.boolean().describe('false: it has so many jobs that only a part was looked at'),
  })
  .meta({ id: 'WorkflowReasons' })

export const queueReasons = z
  .object({
    kind: z.literal('queue'),
    name: z.string(),
    at,
    paused: z.boolean(),
    reasons: z.array(reason),
    queued: count,
    active: count,
    delayed: count,
    waiting: count,
    capacity: count,
    levels,
    oldestSince: z.number().optional().describe('since when the job that waited longest could run, ms since 1970'),
    slots: z.object({ limit: z.number(), active: z.number() }),
    workers: z.array(z.string()),
    parked: z
      .array(z.object({ lot: z.string(), jobs: count, about: z.boolean().describe('whether `jobs` is an estimate') }))
      .describe('its jobs that were put aside, by what they wait for'),
    limits: z.array(
      z.object({
        about: z.string(),
        slots: z.object({ used: count, most: count }).optional(),
        rate: z.object({ begun: count, max: count, perMs: z.number() }).optional(),
        parked: count,
      }),
    ),
  })
  .meta({ id: 'QueueReasons' })
