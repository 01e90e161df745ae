import type { Redis } from 'ioredis'
import type { JobData } from '../engine/job-data.ts'
import { jobId } from '../engine/job-data.ts'
import type { PoolKeys } from '../redis/keys.ts'
import type { JobView } from '../views/views.ts'
import type { PlannedJob } from '../workflow/plan.ts'
import type { Trigger } from '../workflow/states.ts'

const JOBS_PER_TRIP = 500

type Place = Pick<JobView, 'name' | 'queue'>

/**
 * Jobs as they were planned, from their records; an input that was edited since is the edited one. What only orders jobs among
 * equals (`complexity`, `type`) is not recorded. A job that is gone is left out. Cost: one round trip for 500.
 */
export async function readPlannedJobs(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  jobs: readonly Place[],
): Promise<PlannedJob[]> {
  const rows = await readAll(client, jobs, (pipeline, { name, queue }) =>
    pipeline.hmget(keys.job(queue, jobId(workflow, name)), 'name', 'data', 'when', 'opts'),
  )
  return rows.flatMap(([{ name, queue }, row]) => {
    const [task, text, when, opts] = row as (string | null)[]
    if (!task || !text) return []
    const data = JSON.parse(text) as JobData
    const { delay = 0 } = JSON.parse(opts ?? '{}') as { delay?: number }
    return [
      {
        ...{ name, task, queue, needs: Object.keys(data.needs), when: (when ?? 'succeeded') as Trigger },
        ...{ with: data.with, foreach: data.foreach, uses: data.uses ?? [], priority: data.priority ?? 'normal' },
        ...{ delayMs: delay, timeoutMs: data.timeoutMs, retry: data.retry },
        ...(data.estimateMs !== undefined && { estimateMs: data.estimateMs }),
      },
    ]
  })
}

/** The size of the output of each job, in bytes. Cost: one round trip for 500. */
export async function readOutputSizes(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  jobs: readonly Place[],
): Promise<{ name: string; queue: string; bytes: number }[]> {
  const rows = await readAll(client, jobs, (pipeline, { name, queue }) =>
    pipeline.hstrlen(keys.job(queue, jobId(workflow, name)), 'returnvalue'),
  )
  return rows.map(([{ name, queue }, bytes]) => ({ name, queue, bytes: bytes as number }))
}

async function readAll(
  client: Redis,
  jobs: readonly Place[],
  ask: (pipeline: ReturnType<Redis['pipeline']>, job: Place) => unknown,
): Promise<(readonly [job: Place, reply: unknown])[]> {
  const rows: (readonly [Place, unknown])[] = []
  for (let from = 0; from < jobs.length; from += JOBS_PER_TRIP) {
    const page = jobs.slice(from, from + JOBS_PER_TRIP)
    const pipeline = client.pipeline()
    for (const job of page) ask(pipeline, job)
    const replies = (await pipeline.exec()) ?? []
    for (const [index, [error, reply]] of replies.entries()) {
      if (error) throw error
      rows.push([page[index] as Place, reply])
    }
  }
  return rows
}
