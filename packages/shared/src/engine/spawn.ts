import type { Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { offsetOf, QUANTUM_MS } from '../scheduling/number.ts'
import { placesOf } from '../scheduling/places.ts'
import { DEFAULT_WEIGHTS } from '../scheduling/weights.ts'
import { dependentsOf } from '../workflow/graph/dependents.ts'
import type { Json } from '../workflow/json.ts'
import { DEFAULT_LIMITS } from '../workflow/limits.ts'
import type { PlannedJob } from '../workflow/plan.ts'
import type { Level } from '../workflow/states.ts'
import { chunks } from './ingest.ts'
import { type JobData, jobSuffix } from './job-data.ts'
import { DEPENDENTS_PER_CALL, packJob } from './pack.ts'
import { workOffResidue } from './residue.ts'
import { carrierOf, spanOf } from './span.ts'

const spawnScript = readScript<number>(new URL('./spawn.lua', import.meta.url))
const suspendScript = readScript<number>(new URL('./suspend.lua', import.meta.url))

/** Most jobs a workflow may have, spawned ones included. */
export const MAX_JOBS = DEFAULT_LIMITS.maxJobs

/** A job at work, as seen by who holds its lock. */
export interface LockedJob {
  readonly job: Job<JobData>
  readonly token: string
}

/**
 * Adds jobs to the running workflow as needs of the job that spawns them. Jobs that exist are left alone, so an attempt
 * that spawns again spawns the same. A need may be another job of the same call, or one that the spawner itself reads.
 *
 * @throws MillraceError MILLRACE_LOCK_LOST, MILLRACE_WORKFLOW_TOO_LARGE or MILLRACE_CANCELLED; of a large spawn, the
 *   hundreds that were added before stay, and a later attempt finds them.
 */
export async function spawnJobs(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  jobs: readonly PlannedJob[],
  now: () => number = Date.now,
): Promise<void> {
  if (jobs.length >= MAX_JOBS) throw refusal(-2, job) // the spawner itself is one
  const { workflow: id, workflowName: name, tenant, needs } = job.data
  const queue = job.queueName
  const queues = new Map([...Object.entries(needs), ...jobs.map((spawned) => [spawned.name, spawned.queue] as const)])
  const siblings = dependentsOf(jobs)
  const queueOf = (name: string) => queues.get(name) ?? 'default'
  const spawner = jobSuffix(queue, id, job.data.job)
  const place = spawnedPlaces(jobs, job.data.priority ?? 'normal')
  const packed = jobs.toReversed().map((spawned) =>
    packJob(spawned, {
      keys,
      workflow: { id, name, tenant },
      queueOf,
      placeOf: place,
      trace: spanOf(job)?.carrier ?? carrierOf(job),
      waitsFor: ({ needs }) => needs.filter((need) => siblings.has(need)),
      dependentsOf: ({ name }) => [
        ...(siblings.get(name) ?? []).map((other) => jobSuffix(queueOf(other), id, other)),
        spawner,
      ],
    }),
  )
  const key = `${keys.prefix}:${spawner}`
  for (const step of chunks(packed)) {
    const target = [keys.workflow(id), keys.jobs(id), key, `${key}:lock`]
    const reply = await spawnScript(client, target, [
      keys.prefix,
      now(),
      id,
      spawner,
      token,
      MAX_JOBS,
      QUANTUM_MS,
      ...step,
    ])
    if (reply < 0) throw refusal(reply, job)
  }
}

/** What spawned jobs take of the numbers before their spawner's: enough for an order, too little to get ahead by it. */
const SPAWN_POSITIONS = 16

/** Spawned jobs have the number of their spawner; the few just before it give them an order among themselves. */
function spawnedPlaces(jobs: readonly PlannedJob[], level: Level): (job: PlannedJob) => number {
  const places = placesOf(jobs, { scheduling: 'critical-path', estimates: new Map(), weights: DEFAULT_WEIGHTS })
  const last = jobs.reduce((most, { name }) => Math.max(most, places.of(name)), 0)
  const positions = Math.min(last, SPAWN_POSITIONS - 1)
  return ({ name, priority }) =>
    offsetOf(priority) -
    offsetOf(level) -
    positions +
    (last === 0 ? 0 : Math.floor((places.of(name) * positions) / last))
}

/**
 * Ends the attempt of a job that spawned: it waits for what it spawned and then ends with `output`. The caller then
 * throws BullMQ's `WaitingChildrenError`.
 *
 * @throws MillraceError MILLRACE_LOCK_LOST when the job is no longer ours.
 */
export async function suspendSpawner(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  output: Json,
  now: () => number = Date.now,
): Promise<void> {
  const queue = job.queueName
  const suffix = jobSuffix(queue, job.data.workflow, job.data.job)
  const key = `${keys.prefix}:${suffix}`
  const reply = await suspendScript(
    client,
    [
      ...['active', 'waiting-children', 'stalled'].map((type) => keys.queue(queue, type)),
      key,
      `${key}:lock`,
      keys.queue(queue, 'events'),
    ],
    [keys.prefix, now(), DEPENDENTS_PER_CALL, suffix, token, JSON.stringify(output), spanOf(job)?.spanId ?? ''],
  )
  if (reply < 0) throw refusal(-1, job)
  if (reply > 0) await workOffResidue(client, keys, now)
}

function refusal(code: number, job: Job<JobData>): MillraceError {
  const name = `${job.data.workflow}.${job.data.job}`
  if (code === -2) {
    return new MillraceError(
      'MILLRACE_WORKFLOW_TOO_LARGE',
      `Job ${name} would bring its workflow to more than ${MAX_JOBS} jobs. Spawn fewer, larger ones.`,
    )
  }
  if (code === -3)
    return new MillraceError('MILLRACE_CANCELLED', `Job ${name} cannot spawn: its workflow is not running.`)
  return new MillraceError('MILLRACE_LOCK_LOST', `Job ${name} is no longer ours: its lock expired or was taken.`)
}
