import type { Redis } from 'ioredis'
import { type JobData, jobId } from '../engine/job-data.ts'
import { apportion, LEVEL_FLOORS } from '../observability/queue-depth.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { QUANTUM_MS } from '../scheduling/number.ts'
import { type JobState, LEVELS, type Level, type WorkflowState } from '../workflow/states.ts'
import type { Circumstances, JobFacts, LineFacts } from './facts.ts'

type Row = [
  fields: string[],
  state: JobState,
  delayedUntil: number,
  lot: [rank: number, jobs: number] | [],
  needs: [open: number, named: string[]],
  line: [ahead: number, levels: number[], tasks: (string | number)[]] | [],
  workflow: string[],
]
const factsScript = readScript<Row | []>(new URL('./job-facts.lua', import.meta.url))

const NEEDS_NAMED = 50
/** Places of a queue that are looked at to tell levels and tasks of what is ahead: about 1 ms of Redis. */
const PLACES = 300

/** A job, and the workflow that it belongs to. */
export interface JobRead {
  readonly job: JobFacts
  readonly workflow: Circumstances['workflow']
}

/** The queue that has a job, or `undefined` when there is none. Cost: one read per queue of the pool. */
export async function queueOfJob(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  job: string,
): Promise<string | undefined> {
  const queues = await client.smembers(keys.queues)
  const id = jobId(workflow, job)
  const there = await Promise.all(queues.map((queue) => client.exists(keys.job(queue, id))))
  return queues.find((_, index) => there[index] === 1)
}

/** A job as it is now. Cost: one script of at most 2 ms. */
export async function readJobFacts(
  client: Redis,
  keys: PoolKeys,
  queue: string,
  id: string,
): Promise<JobRead | undefined> {
  const [fields, ...rest] = await factsScript(
    client,
    [keys.job(queue, id)],
    [keys.prefix, queue, id, NEEDS_NAMED, PLACES, QUANTUM_MS, ...LEVEL_FLOORS],
  )
  return fields ? readRow(queue, [fields, ...rest] as Row) : undefined
}

function readRow(queue: string, [fields, state, until, place, needs, line, header]: Row): JobRead {
  const [task = '', text = '{}', ats, atm, parkings, worker, startedAt, finishedAt, message, code] = fields
  const [skip, lot = '', why = '', suspended] = fields.slice(10)
  const data = JSON.parse(text) as JobData
  const [rank, parkedJobs] = place
  const [workflowState, onFailure, open, waiting, dead] = header
  const holds = onFailure === 'hold'
  const job: JobFacts = {
    workflow: data.workflow,
    job: data.job,
    task,
    queue,
    level: data.priority ?? 'normal',
    tenant: data.tenant,
    uses: data.uses ?? [],
    fansOut: data.foreach !== undefined,
    state,
    failed: Number(atm),
    attempts: Number(ats) - Number(parkings),
    timeoutMs: data.timeoutMs,
    startedAt: time(startedAt),
    finishedAt: time(finishedAt),
    worker: worker || undefined,
    delayedUntil: until > 0 ? until : undefined,
    parked: rank === undefined ? undefined : { lot, why, rank, jobs: parkedJobs ?? 0 },
    error: message ? { code: code || 'MILLRACE_TASK_FAILED', message } : undefined,
    skip: skip || undefined,
    suspended: !!suspended,
    needs: { open: needs[0], named: namesOf(data.workflow, needs[1]) },
    line: lineOf(line),
  }
  const held = holds && Number(dead) > 0 && Number(open) > 0 && open === waiting
  return { job, workflow: { state: (workflowState || 'running') as WorkflowState, held, holds } }
}

const time = (text: string | undefined) => (text ? Number(text) : undefined)

function namesOf(workflow: string, flat: readonly string[]): JobFacts['needs']['named'] {
  return pairs(flat).map(([suffix, state]) => ({
    job: suffix.slice(suffix.indexOf(':') + 1 + workflow.length + 1),
    state: state as JobState,
  }))
}

function lineOf([ahead, seen = [], tasks = []]: Row[5]): LineFacts | undefined {
  if (ahead === undefined) return undefined
  const shares = apportion(ahead, seen)
  const levels = Object.fromEntries(LEVELS.map((level, index) => [level, shares[index] ?? 0])) as Record<Level, number>
  return { ahead, levels, tasks: Object.fromEntries(pairs(tasks).map(([task, count]) => [task, Number(count)])) }
}

function pairs<T>(flat: readonly T[]): [string, T][] {
  return Array.from({ length: flat.length / 2 }, (_, index) => [String(flat[2 * index]), flat[2 * index + 1] as T])
}
