import {
  expandForeach,
  foreachItems,
  itemsOutput,
  type JobData,
  type Json,
  type LockedJob,
  MillraceError,
  type PlannedJob,
  spawnJobs,
} from '@millrace/shared'
import type { Needs } from './input.ts'
import type { Room } from './room.ts'

/**
 * A `foreach` job, when its turn has come: one job per item is added to the workflow, and it ends when they have ended.
 * Its handler runs for the items alone.
 *
 * @returns what stands for the items' outputs until somebody reads them.
 * @throws MillraceError MILLRACE_REFERENCE_UNRESOLVED when `foreach` is no array, and what adding jobs may throw.
 */
export async function fanOut(locked: LockedJob, needs: Needs, { client, keys }: Room): Promise<Json> {
  const planned = asPlanned(locked)
  const found = foreachItems(planned, { needs })
  if (!found.ok) throw unresolved(found.problems)
  const expanded = expandForeach(planned, found.items, { needs })
  if (!expanded.ok) throw unresolved(expanded.problems)
  await spawnJobs(client, keys, locked, expanded.jobs)
  return itemsOutput(found.items.length)
}

/** The job as it was planned. Its delay has passed already, and its needs have ended: items have neither. */
function asPlanned({ job }: LockedJob): PlannedJob {
  const data: JobData = job.data
  return {
    name: data.job,
    task: job.name,
    needs: Object.keys(data.needs),
    when: 'succeeded',
    with: data.with,
    foreach: data.foreach,
    uses: data.uses ?? [],
    queue: job.queueName,
    priority: data.priority ?? 'normal',
    delayMs: 0,
    timeoutMs: data.timeoutMs,
    retry: data.retry,
  }
}

const unresolved = (problems: readonly string[]) =>
  new MillraceError('MILLRACE_REFERENCE_UNRESOLVED', problems.join('; '))
