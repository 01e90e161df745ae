// What the API answers with, as schemas: the document is made of them, and tests hold the answers against them.
import { FAILURE_POLICIES, JOB_STATES, LEVELS, REMEDIES, SEVERITIES, TRIGGERS, WORKFLOW_STATES } from '@millrace/shared'
import { z } from 'zod'

const time = (what: string) => z.number().describe(`${what}, ms since 1970`)
const count = (what: string) => z.int().min(0).describe(what)

export const jobCounts = z.object({
  total: count('all jobs'),
  waiting: count('with needs that are open'),
  runnable: count('queued, delayed or active'),
  succeeded: count('that succeeded'),
  dead: count('that failed for good'),
  skipped: count('that were skipped'),
  cancelled: count('that were cancelled'),
})

export const workflowSummary = z
  .object({
    id: z.string(),
    name: z.string(),
    state: z.enum(WORKFLOW_STATES),
    held: z.boolean().describe('nothing can run before a dead letter is replayed'),
    paused: z.boolean().describe('somebody paused it: nothing of it begins'),
    priority: z.enum(LEVELS),
    onFailure: z.enum(FAILURE_POLICIES),
    jobs: jobCounts,
    submittedAt: time('when it was submitted'),
    finishedAt: time('when it ended').optional(),
    rerunOf: z
      .object({ id: z.string(), from: z.string() })
      .optional()
      .describe('what it runs again, and from which job'),
    reruns: z.array(z.string()).optional().describe('workflows that run it again, the last 50'),
  })
  .meta({ id: 'WorkflowSummary' })

const jobView = z.object({
  name: z.string(),
  task: z.string(),
  queue: z.string(),
  state: z.enum(JOB_STATES),
  needs: z.array(z.string()),
  when: z.enum(TRIGGERS),
  attempts: count('attempts made so far, the running one included'),
  worker: z.string().optional(),
  estimateMs: z.number().optional().describe('how long an attempt usually takes, as its author says'),
  startedAt: time('when its last attempt began').optional(),
  finishedAt: time('when it ended').optional(),
  progress: z.json().optional(),
  output: z.json().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  carriedFrom: z.string().optional().describe('the workflow in which it ran, when a rerun took its end over'),
})

export const workflowView = workflowSummary.extend({ jobList: z.array(jobView) }).meta({ id: 'Workflow' })

export const jobDetail = jobView
  .extend({
    id: z.string().describe('the id of its BullMQ job'),
    input: z.json().optional(),
    submittedAt: time('when it was submitted'),
    failures: z.array(z.string()).describe('the stack of every attempt that failed'),
    skippedBecause: z.string().optional(),
    checkpoint: z.json().optional(),
    effects: z.array(z.string()).describe('keys of effects that will not be repeated'),
    logs: z.array(z.string()),
    deadLetter: z.string().optional().describe('the id of its dead letter, when it is dead'),
  })
  .meta({ id: 'Job' })

const issue = z.object({
  code: z.string().optional(),
  message: z.string(),
  path: z.array(z.union([z.string(), z.number()])),
  line: z.int().optional(),
  column: z.int().optional(),
})

export const submission = z
  .object({
    id: z.string(),
    name: z.string(),
    created: z.boolean().describe('false when this id had been submitted before'),
    jobs: count('jobs of the workflow'),
    warnings: z.array(issue),
  })
  .meta({ id: 'Submission' })

const severity = z.enum(SEVERITIES)

const pastAttempt = z.object({
  attempt: z.int(),
  fencingToken: z.int(),
  worker: z.string(),
  startedAt: time('when it began'),
  failedAt: time('when it failed'),
  code: z.string(),
  message: z.string(),
})

export const deadLetter = z
  .object({
    id: z.string(),
    place: z.number().describe('grows with every dead letter of the pool'),
    queue: z.string(),
    task: z.string(),
    workflow: z.object({ id: z.string(), name: z.string() }).optional(),
    tenant: z.string().optional(),
    job: z.string(),
    input: z.json().optional(),
    code: z.string(),
    message: z.string(),
    severity,
    category: z.string(),
    fingerprint: z.string().describe('the same for failures of the same kind'),
    context: z.record(z.string(), z.json()).optional(),
    stack: z.string(),
    attempts: count('attempts that were made'),
    history: z.array(pastAttempt),
    worker: z.string().optional(),
    submittedAt: time('when the job was submitted'),
    startedAt: time('when its last attempt began').optional(),
    failedAt: time('when it failed for good'),
  })
  .meta({ id: 'DeadLetter' })

export const deadLetterStory = z
  .looseObject({
    ...deadLetter.shape,
    jobExists: z.boolean().describe('false: it cannot be replayed'),
    needs: z.record(z.string(), z.json()).optional().describe('outputs that it had for its input'),
    checkpoint: z.json().optional(),
    traceId: z.string().optional(),
    waiting: z.array(z.object({ job: z.string(), queue: z.string(), state: z.enum(JOB_STATES) })),
    moreWaiting: z.boolean(),
  })
  .meta({ id: 'DeadLetterStory' })

export const deadLetterGroup = z
  .object({
    fingerprint: z.string(),
    code: z.string(),
    category: z.string(),
    severity,
    message: z.string().describe('of the newest'),
    letters: count('dead letters that died of it'),
    firstAt: time('when the first of them failed'),
    lastAt: time('when the last of them failed'),
    tasks: z.array(z.string()),
    tenants: z.array(z.object({ name: z.string(), letters: count('of this tenant') })),
    workflows: count('workflows that were hit'),
    stranded: count('jobs of those workflows that did not run'),
    firstVersion: z.string().optional().describe('version of the worker that saw it first'),
    happening: z.boolean().describe('whether attempts still fail so'),
    advice: z.object({ remedy: z.enum(REMEDIES), why: z.string() }),
  })
  .meta({ id: 'DeadLetterGroup' })

export const replayView = z
  .object({
    id: z.string(),
    state: z.enum(['preparing', 'running', 'paused', 'stopped', 'done']),
    why: z.enum(['canary', 'failures', 'operator']).optional().describe('why it stopped'),
    actor: z.string(),
    ratePerSecond: z.number().describe('jobs sent a second, at most'),
    canary: count('how many go first; 0 for none'),
    canaryPassed: z.boolean(),
    stopIf: z.string().optional(),
    total: count('letters that were chosen at the start'),
    replayed: count('jobs that were sent back'),
    succeeded: count('of those, that have succeeded'),
    failed: count('of those, that failed for good again'),
    gone: count('replayed or discarded by somebody else'),
    refused: count('whose job was removed or whose workflow was cancelled'),
    left: count('still to be sent, or left where they were'),
    startedAt: time('when it was ordered'),
    finishedAt: time('when it ended').optional(),
  })
  .meta({ id: 'Replay' })

const counts = (what: string) => z.record(z.string(), z.int().min(0)).describe(what)

export const rehearsal = z
  .object({
    replayed: count('jobs that would go back to their queues'),
    refused: count('that cannot: the job was removed or its workflow cancelled'),
    byTask: counts('of those that would go, by task'),
    byQueue: counts('by queue'),
    byFingerprint: counts('by fingerprint'),
    unskipped: count('skipped jobs that would wait for them again'),
    durationMs: z.number().describe('until the last is sent, ms'),
  })
  .meta({ id: 'Rehearsal' })

export const queueView = z
  .object({
    name: z.string(),
    paused: z.boolean(),
    capacity: count('how many jobs may wait in it'),
    waiting: count('jobs with needs that are open'),
    delayed: count('jobs that wait for a time'),
    queued: count('jobs that wait for a slot'),
    active: count('jobs that run'),
    workers: count('workers that take from it'),
  })
  .meta({ id: 'Queue' })

export const workerView = z
  .looseObject({
    id: z.string(),
    name: z.string(),
    host: z.string(),
    pid: z.int(),
    version: z.string(),
    startedAt: time('when it started'),
    seenAt: time('its last heartbeat'),
    queues: z.array(z.string()),
    slots: z.looseObject({
      limit: z.number(),
      min: z.number(),
      max: z.number(),
      active: z.number(),
      taking: z.boolean(),
    }),
    cpu: z.number().describe('share of the processors it may use, 0 to 1'),
    loopDelayMs: z.number().describe('delay of its event loop, ms'),
    memory: z.object({ share: z.number(), rssBytes: z.number(), limitBytes: z.number() }),
    breakers: z.array(z.string()).describe('resources whose breaker is open for it'),
  })
  .meta({ id: 'Worker' })

export const resourceView = z
  .looseObject({
    name: z.string(),
    state: z.enum(['closed', 'open', 'half-open']),
    breaker: z.string(),
    bulkhead: z.string(),
    opening: z
      .object({
        openings: z.int(),
        openedAt: time('when it was opened'),
        halfOpenInMs: z.number().nullable().describe('ms until a probe; null: until somebody closes it'),
        by: z.string(),
        why: z.string(),
      })
      .optional(),
    waitingForBreaker: count('jobs that wait until it closes'),
    waitingForSlot: count('jobs that wait for a slot'),
  })
  .meta({ id: 'Resource' })

export const failure = z
  .object({
    code: z.string().describe('a code of docs/errors.md'),
    message: z.string(),
    issues: z.array(issue),
    requestId: z.string().optional(),
  })
  .meta({ id: 'Failure' })
