import { hash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import { type AuditEntry, auditFields } from '../audit/audit.ts'
import { type Dedup, demandOf } from '../capacity/demand.ts'
import { refusalError } from '../capacity/refusal.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'
import type { Estimates } from '../scheduling/durations.ts'
import { offsetOf, QUANTUM_MS, TURN_MS } from '../scheduling/number.ts'
import { type Places, placesOf, type Scheduling } from '../scheduling/places.ts'
import { timesToEnd } from '../scheduling/slack.ts'
import { DEFAULT_WEIGHTS, type Weights } from '../scheduling/weights.ts'
import { dependentsOf } from '../workflow/graph/dependents.ts'
import type { Plan, PlannedJob } from '../workflow/plan.ts'
import { JOBS_PER_CALL, type Step, type StepReply, stepSender } from './ingest-steps.ts'
import { jobSuffix } from './job-data.ts'
import { type PackContext, pack, packCarried, packJob } from './pack.ts'

/** Jobs with many needs or dependents are large: a call ends early when it reaches this size. */
const BYTES_PER_CALL = 512 * 1024
/** How often a submission begins again when the sweeper took its half-loaded workflow for a dead producer's. */
const RESTARTS = 3
/** ingest.lua's code for a rerun whose source is not as it was read. */
const SOURCE_CHANGED = -5

export interface IngestOptions {
  readonly id: string
  /** Default `critical-path`. */
  readonly scheduling?: Scheduling
  /** What the pool has measured; see taskEstimates. Default: nothing. */
  readonly estimates?: Estimates
  /** Default: those shipped. */
  readonly weights?: Weights
  /** A second workflow with this key, within its time, is the first one. */
  readonly dedup?: Dedup
  /** Where the submission stands in a trace: its jobs bring it along. */
  readonly trace?: string | undefined
  /** Who submits it: the audit log tells. */
  readonly by?: Pick<AuditEntry, 'actor' | 'host' | 'via'> | undefined
  /** What it takes from the workflow that it runs again; the jobs of the plan may need what is carried over. */
  readonly rerun?: RerunSource
  readonly now?: () => number
}

/** The workflow that a rerun runs again: it must have ended, and not be touched meanwhile. */
export interface RerunSource {
  readonly of: string
  readonly from: string
  /** When it ended, ms since 1970. */
  readonly endedAt: number
  /** Its jobs that have succeeded and do not run again. `bytes`: about the size of the output. */
  readonly carried: readonly { readonly name: string; readonly queue: string; readonly bytes: number }[]
}

/**
 * Writes a workflow, sinks first and roots last, and starts it. Nothing of it runs before all of it is there.
 *
 * @returns `created: false` when this id, or the key of deduplication, had been submitted before; then nothing is written.
 *   `id` is that of the first.
 * @throws MillraceError MILLRACE_WORKFLOW_CONFLICT when the id belongs to another workflow; MILLRACE_QUEUE_FULL or
 *   MILLRACE_TENANT_FULL when the pool has no room for all of it: then nothing is written either. MILLRACE_RERUN_REFUSED when
 *   what a rerun takes over has changed; of a large one, jobs may be there by then, of which none will run.
 *
 * Cost: one round trip per 200 jobs, four of them at a time.
 */
export async function ingest(
  client: Redis,
  keys: PoolKeys,
  plan: Plan,
  options: IngestOptions,
): Promise<{ id: string; created: boolean }> {
  const { id, scheduling = 'critical-path', estimates = new Map(), weights = DEFAULT_WEIGHTS, now = Date.now } = options
  const { rerun } = options
  const fingerprint = hash('sha1', JSON.stringify(rerun ? [plan, rerun.of, rerun.carried] : plan))
  const submittedAt = now()
  const places = placesOf(plan.jobs, { scheduling, estimates, weights })
  const entry = options.by ? auditFields(entryOf(id, plan, options.by, rerun)) : []
  const about = pack([headerOf(plan, submittedAt, rerun), wishOf(plan, places), demandOf(plan, options.dedup), entry])
  const late = lateFrom(plan, estimates, submittedAt)
  function steps(): Iterator<Buffer[], void> {
    const carried = new Map(
      (rerun?.carried ?? []).toReversed().map((job) => [packCarried(job, id, rerun?.of ?? ''), job.bytes]),
    )
    const packed = packAll(plan, keys, id, places, late, options.trace, rerun)
    return chunks(both(packed, carried.keys()), (job) => carried.get(job) ?? job.length)
  }
  const send = stepSender(client, keys)

  for (let attempt = 0; attempt < RESTARTS; attempt++) {
    const code = await sendAll(steps(), (jobs, step) => {
      return send({ id, priority: plan.priority, step, fingerprint, about, jobs, now })
    })
    if (code === 1) return { id, created: true }
    if (code === 0) return { id, created: false }
    if (typeof code !== 'number') {
      if (code[0] === 2) return { id: code[1], created: false }
      throw refusalError(code, plan.jobs.length)
    }
    if (code === SOURCE_CHANGED) {
      const message = `The workflow "${rerun?.of}" has changed since it was read, or is gone: look at it, and try again.`
      throw new MillraceError('MILLRACE_RERUN_REFUSED', message)
    }
    if (code === -1) {
      throw new MillraceError(
        'MILLRACE_WORKFLOW_CONFLICT',
        `The id "${id}" belongs to a workflow with other jobs. Choose another id, or submit the same workflow.`,
      )
    }
  }
  throw new Error(`workflow ${id} was removed ${RESTARTS} times while it was being loaded`)
}

/**
 * Sends the steps of a workflow: the first, then those between, each as soon as it is packed, and the last when all of
 * them are there.
 *
 * @returns ingest.lua's reply of the first step that was not written, else 1.
 */
async function sendAll(
  steps: Iterator<readonly Buffer[], void>,
  send: (jobs: readonly Buffer[], step: Step['step']) => Promise<StepReply>,
): Promise<StepReply> {
  const first = steps.next().value ?? []
  let ahead = steps.next()
  if (ahead.done) return await send(first, 'only')
  const begun = await send(first, 'first')
  if (begun !== 1) return begun
  const between: Promise<StepReply>[] = []
  for (;;) {
    const jobs = ahead.value as readonly Buffer[]
    ahead = steps.next()
    if (ahead.done) {
      const codes = await Promise.all(between)
      return codes.find((code) => code !== 1) ?? (await send(jobs, 'last'))
    }
    const sent = send(jobs, 'next')
    sent.catch(() => {}) // heard of when all of them are awaited
    between.push(sent)
    await setImmediate() // Redis gets it while the next one is packed
  }
}

/** Texts all: Lua takes long to write a number. */
function headerOf(plan: Plan, now: number, rerun: RerunSource | undefined): string[] {
  const total = plan.jobs.length + (rerun?.carried.length ?? 0)
  return [
    ...['name', plan.name, 'priority', plan.priority, 'onFailure', plan.onFailure, 'submittedAt', `${now}`],
    ...['inputs', JSON.stringify(plan.inputs), 'total', `${total}`, 'open', `${plan.jobs.length}`],
    ...(plan.deadlineMs === undefined ? [] : ['deadlineAt', `${now + plan.deadlineMs}`]),
    ...(plan.tenant === undefined ? [] : ['tenant', plan.tenant]),
    ...(rerun ? ['rerunOf', rerun.of, 'rerunFrom', rerun.from, 'rerunEnded', `${rerun.endedAt}`] : []),
  ]
}

function entryOf(
  id: string,
  { jobs }: Plan,
  by: Pick<AuditEntry, 'actor' | 'host' | 'via'>,
  rerun: RerunSource | undefined,
): AuditEntry {
  const count = jobs.length
  if (!rerun) return { ...by, action: 'enqueue', subject: `workflow ${id}`, count }
  return { ...by, action: 'rerun', subject: `workflow ${rerun.of}`, count, after: { from: rerun.from, rerun: id } }
}

/** What turn.lua asks for. The queue is that of the first job, where the workflow begins. */
const wishOf = ({ priority, tenant = '', jobs }: Plan, { boost }: Places): readonly (string | number)[] => [
  ...[QUANTUM_MS, priority, offsetOf(priority), boost, jobs.length * TURN_MS, tenant],
  jobs[0]?.queue ?? 'default',
]

/** Job → from when on it is late, ms since 1970: when it begins later, the workflow cannot end by its deadline. */
function lateFrom({ jobs, deadlineMs }: Plan, estimates: Estimates, submittedAt: number) {
  if (deadlineMs === undefined) return () => undefined
  const needed = timesToEnd(jobs, estimates)
  return ({ name }: PlannedJob) => Math.max(submittedAt, submittedAt + deadlineMs - (needed.get(name) ?? 0))
}

/**
 * Packs the jobs in the order of insertion: sinks first; roots last, in the plan's order, since equals run in that order. It is the
 * order of the list of the workflow's jobs too, whoever loads it how often: what exists is left alone, and nothing is loaded before
 * what comes earlier.
 */
function* packAll(
  plan: Plan,
  keys: PoolKeys,
  id: string,
  places: Places,
  lateFrom: (job: PlannedJob) => number | undefined,
  trace: string | undefined,
  rerun: RerunSource | undefined,
): Generator<Buffer> {
  const carried = new Map((rerun?.carried ?? []).map((job) => [job.name, job.queue]))
  const queues = new Map([...carried, ...plan.jobs.map((job) => [job.name, job.queue] as const)])
  const queueOf = (job: string) => queues.get(job) ?? 'default'
  const dependents = dependentsOf(plan.jobs)
  const waitsFor = ({ needs }: PlannedJob) => (rerun ? needs.filter((need) => !carried.has(need)) : needs)
  const roots = plan.jobs.filter((job) => waitsFor(job).length === 0)
  const others = plan.jobs.filter((job) => waitsFor(job).length > 0).toReversed()
  const ordered = [...others, ...roots]
  const numbers = new Map(ordered.map(({ name }, number) => [name, number]))
  const context: PackContext = {
    keys,
    workflow: { id, name: plan.name, tenant: plan.tenant },
    queueOf,
    waitsFor,
    placeOf: (job: PlannedJob) => offsetOf(job.priority) + places.of(job.name),
    trace,
    lateFrom,
    numberOf: (job: string) => numbers.get(job),
    dependentsOf: (job: PlannedJob) =>
      (dependents.get(job.name) ?? []).map((name) => jobSuffix(queueOf(name), id, name)),
  }
  for (const job of ordered) yield packJob(job, context)
}

function* both<Item>(first: Iterable<Item>, second: Iterable<Item>): Generator<Item> {
  yield* first
  yield* second
}

/** Groups packed jobs into calls, each small enough to leave Redis free for others. */
export function* chunks(jobs: Iterable<Buffer>, bytesOf = ({ length }: Buffer) => length): Generator<Buffer[], void> {
  let step: Buffer[] = []
  let bytes = 0
  for (const job of jobs) {
    if (step.length >= JOBS_PER_CALL || (step.length > 0 && bytes + bytesOf(job) > BYTES_PER_CALL)) {
      yield step
      step = []
      bytes = 0
    }
    step.push(job)
    bytes += bytesOf(job)
  }
  yield step
}
