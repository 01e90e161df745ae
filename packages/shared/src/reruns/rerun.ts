import type { Redis } from 'ioredis'
import { type IngestOptions, ingest, type RerunSource } from '../engine/ingest.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { purgeWorkflow } from '../upkeep/purge.ts'
import { readView } from '../views/status.ts'
import type { JobView, WorkflowView } from '../views/views.ts'
import type { Plan } from '../workflow/plan.ts'
import { chooseRerun, type RerunChoice } from './choose.ts'
import { readOutputSizes, readPlannedJobs } from './read-jobs.ts'

/** A rerun that is possible, and not written yet. */
export interface Rerun {
  readonly plan: Plan
  readonly source: RerunSource
  readonly choice: RerunChoice
}

/**
 * What a rerun of a workflow from one of its jobs would be. Reads only.
 *
 * @throws MillraceError MILLRACE_WORKFLOW_NOT_FOUND, or MILLRACE_RERUN_REFUSED with all that stands in the way.
 *
 * Cost: that of a look at the workflow, and a read of the jobs that run again.
 */
export async function planRerun(client: Redis, keys: PoolKeys, id: string, from: string): Promise<Rerun> {
  const view = await readView(client, keys, id)
  if (!view) throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow ${JSON.stringify(id)}.`)
  const unfinished = whyUnfinished(view)
  if (unfinished) throw refused(id, from, [unfinished])
  const chosen = chooseRerun(view.jobList, from)
  if (!chosen.ok) throw refused(id, from, chosen.problems)

  const { choice } = chosen
  const byName = new Map(view.jobList.map((job) => [job.name, job]))
  const placesOf = (names: readonly string[]) => names.map((name) => byName.get(name) as JobView)
  const jobs = await readPlannedJobs(client, keys, id, placesOf(choice.again))
  if (jobs.length < choice.again.length) throw refused(id, from, ['jobs of it have been removed meanwhile'])
  const carried = await readOutputSizes(client, keys, id, placesOf(choice.carried))
  const [inputs, deadlineAt, tenant] = await client.hmget(keys.workflow(id), 'inputs', 'deadlineAt', 'tenant')
  return {
    choice,
    source: { of: id, from, endedAt: view.finishedAt as number, carried },
    plan: {
      ...{ name: view.name, priority: view.priority, onFailure: view.onFailure },
      ...(tenant ? { tenant } : {}),
      deadlineMs: deadlineAt ? Number(deadlineAt) - view.submittedAt : undefined,
      inputs: JSON.parse(inputs ?? '{}') as Plan['inputs'],
      // who asks for a job now has waited long enough for it
      jobs: jobs.map((job) => (job.name === from ? { ...job, delayMs: 0 } : job)),
    },
  }
}

/**
 * Writes a rerun as a workflow of its own and starts it: all of it or nothing that runs.
 *
 * @returns `created: false` when this id had been used for the same rerun before.
 * @throws MillraceError as {@link ingest} does.
 */
export async function startRerun(
  client: Redis,
  keys: PoolKeys,
  { plan, source }: Rerun,
  options: Omit<IngestOptions, 'rerun'>,
): Promise<{ id: string; created: boolean }> {
  try {
    return await ingest(client, keys, plan, { ...options, rerun: source })
  } catch (error) {
    // the sweeper would do the same with what is half loaded, in a minute
    const half = error instanceof MillraceError && error.code === 'MILLRACE_RERUN_REFUSED'
    if (half) await purgeWorkflow(client, keys, options.id, Number.MAX_SAFE_INTEGER)
    throw error
  }
}

function whyUnfinished({ id, state, held, jobs, finishedAt }: WorkflowView): string | undefined {
  if (held) return `it is held: \`millrace retry ${id}\` runs again what is dead, \`millrace cancel ${id}\` ends it`
  if (state === 'running' || state === 'loading') return 'it has not ended yet: wait for its end, or cancel it'
  if (jobs.runnable + jobs.waiting > 0) return 'jobs that ran when it was cancelled have not ended yet: try again soon'
  return finishedAt === undefined ? 'it has not ended yet' : undefined
}

const refused = (id: string, from: string, problems: readonly string[]) =>
  new MillraceError(
    'MILLRACE_RERUN_REFUSED',
    `${id} cannot be run again from ${JSON.stringify(from)}: ${problems.join('; ')}.`,
  )
