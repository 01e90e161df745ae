import type { Redis } from 'ioredis'
import { jobId } from '../engine/job-data.ts'
import { listeningTo } from '../pool/listening.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readSummary } from '../views/status.ts'
import { jobReasons } from './job.ts'
import { readFrontier } from './read-frontier.ts'
import { queueOfJob, readJobFacts } from './read-job.ts'
import { readCircumstances, readPauses, readPool } from './read-pool.ts'
import { readQueueReasons } from './read-queue.ts'
import type { JobReasons, QueueReasons, WorkflowReasons } from './reason.ts'
import { workflowReasons } from './workflow.ts'

/** Why a job does not run now; `undefined` when there is none. Reads only; cost: some 20 short commands in four round trips. */
export async function explainJob(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  job: string,
  now: number = Date.now(),
): Promise<JobReasons | undefined> {
  const queue = await queueOfJob(client, keys, workflow, job)
  if (queue === undefined) return undefined
  const [read, pool] = await Promise.all([
    readJobFacts(client, keys, queue, jobId(workflow, job)),
    readPool(client, keys, now),
  ])
  return read && jobReasons(read.job, await readCircumstances(client, keys, pool, read.job, read.workflow))
}

/** How a workflow is and what its jobs wait for; `undefined` when there is none. Reads only; cost: 10 us of Redis per job. */
export async function explainWorkflow(
  client: Redis,
  keys: PoolKeys,
  id: string,
  now: number = Date.now(),
): Promise<WorkflowReasons | undefined> {
  const [summary, pool] = await Promise.all([readSummary(client, keys, id), readPool(client, keys, now)])
  if (!summary) return undefined
  const { state, held, onFailure, paused, name, jobs } = summary
  const open = state === 'running' || state === 'loading'
  const { groups, dead, complete } =
    open || jobs.dead > 0
      ? await readFrontier(client, keys, pool, id, { state, held, holds: onFailure === 'hold' })
      : { groups: [], dead: [], complete: true }
  const pauses = paused ? await readPauses(client, keys, pool, { workflow: id }) : {}
  return {
    kind: 'workflow',
    workflow: id,
    ...{ name, state, at: now, jobs },
    reasons: workflowReasons(summary, pauses.workflow, { groups, dead }, now),
    frontier: groups,
    complete,
  }
}

/** What keeps the jobs of a queue; `undefined` when it never had a job and nobody takes from it. Reads only. */
export async function explainQueue(
  client: Redis,
  keys: PoolKeys,
  name: string,
  now: number = Date.now(),
): Promise<QueueReasons | undefined> {
  const [known, pool] = await Promise.all([client.sismember(keys.queues, name), readPool(client, keys, now)])
  if (name === DEAD_LETTERS) return undefined
  if (known === 0 && listeningTo(pool.workers, name).length === 0) return undefined
  return await readQueueReasons(client, keys, pool, name)
}
