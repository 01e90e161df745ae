import { Packr } from 'msgpackr'
import type { PoolKeys } from '../redis/keys.ts'
import { MAX_LATE_MS, QUANTUM_MS } from '../scheduling/number.ts'
import type { PlannedJob } from '../workflow/plan.ts'
import { dependentsText } from './dependents.ts'
import { jobData, jobId, jobSuffix } from './job-data.ts'

const packr = new Packr({ useRecords: false, encodeUndefinedAsNil: true })

/** MessagePack as Redis' cmsgpack reads it: it knows no binary type, so there must be no Buffer inside. */
export const pack = (value: unknown): Buffer => packr.pack(value)

/** A job whose list of dependents is longer keeps the rest in a list of its own, which is worked off in several calls. */
const DEPENDENTS_IN_FIELD = 500

/** Dependents that one script call may inform: about 20 us each, so a call stays near 10 ms. */
export const DEPENDENTS_PER_CALL = 500

export interface PackContext {
  readonly keys: PoolKeys
  readonly workflow: { readonly id: string; readonly name: string; readonly tenant?: string | undefined }
  /** Queue of any job that may be named as a need. */
  queueOf(job: string): string
  /** Needs that are waited for, as job names; may be fewer than those that are read. */
  waitsFor(job: PlannedJob): readonly string[]
  /** The number of a job in the list of the workflow's jobs, from 0; nothing for one that is spawned. */
  numberOf?(job: string): number | undefined
  /** The part of the job's number that does not depend on the time: level and position. May be negative for spawned jobs. */
  placeOf(job: PlannedJob): number
  /** From when on the job is late, ms since 1970; `undefined` without a deadline. */
  lateFrom?(job: PlannedJob): number | undefined
  /** Where the workflow stands in a trace. */
  readonly trace?: string | undefined
  /** `<queue>:<job id>` of the jobs that wait for this one. */
  dependentsOf(job: PlannedJob): readonly string[]
}

/** One job in the form that insert.lua takes. */
export function packJob(job: PlannedJob, context: PackContext): Buffer {
  const { keys, workflow } = context
  const id = jobId(workflow.id, job.name)
  const dependents = context.dependentsOf(job)
  const inField = dependents.slice(0, DEPENDENTS_IN_FIELD)
  const more = dependents.slice(DEPENDENTS_IN_FIELD)
  const fields: string[] = []
  if (job.when !== 'succeeded') fields.push('when', job.when)
  if (inField.length > 0) {
    const named = { queue: job.queue, workflow: workflow.id, number: context.numberOf?.(job.name) }
    fields.push('dependents', dependentsText(named, inField))
  }
  if (more.length > 0) fields.push('more', '1')
  const lateFrom = context.lateFrom?.(job)
  if (lateFrom !== undefined) fields.push('late', `${Math.round(lateFrom)} ${QUANTUM_MS} ${MAX_LATE_MS / QUANTUM_MS}`)
  return pack([
    job.queue,
    id,
    job.task,
    JSON.stringify(jobData(workflow, job, context.queueOf)),
    context.placeOf(job),
    job.delayMs,
    fields,
    context.waitsFor(job).map((need) => {
      const number = context.numberOf?.(need)
      return number === undefined
        ? `${keys.prefix}:${jobSuffix(context.queueOf(need), workflow.id, need)}`
        : `${number}`
    }),
    more,
    ...(context.trace ? [context.trace] : []),
  ])
}

/** A job that has succeeded in another workflow, in the form that carry.lua takes. */
export const packCarried = (job: { readonly name: string; readonly queue: string }, to: string, from: string): Buffer =>
  pack([job.queue, jobId(to, job.name), jobId(from, job.name)])
