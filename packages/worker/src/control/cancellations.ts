import { type JobData, MillraceError, type PoolKeys, type Signals } from '@millrace/shared'
import type { Worker } from 'bullmq'
import type { Attempt, Running } from '../attempt/attempt.ts'
import type { Broker } from '../attempt/room.ts'

/** Cancelled workflows that a worker remembers; by the time it forgets one, every job of it is marked. */
const REMEMBERED = 1_000

/**
 * Aborts what runs of a workflow that is cancelled, as soon as that is published, and begins nothing more of it. Cancelling
 * ends the jobs of a large workflow page by page: who cancels may be killed between two, so a worker also asks which have
 * begun, when it starts and when it has been cut off.
 */
export async function onCancelled(signals: Signals, client: Broker, keys: PoolKeys, running: Running): Promise<void> {
  const ids = new Set<string>()
  const matches = ({ job }: Attempt) => ids.has(job.data.workflow)
  const heard = (message: string) => {
    const revived = message.startsWith('-') // ids do not begin so
    const id = revived ? message.slice(1) : message
    ids.delete(id) // the newest last
    if (revived) return
    ids.add(id)
    if (ids.size > REMEMBERED) ids.delete(ids.keys().next().value as string)
    running.abort(matches, cancelled)
  }
  const look = async () => {
    ids.clear() // some may have been opened again meanwhile; all jobs of those that were not are marked
    for (const id of await client.smembers(keys.cancels)) heard(id)
  }
  running.refuse(matches, cancelled)
  await signals.subscribe(keys.cancellations, heard)
  signals.onReconnect(() => void look().catch(() => {})) // lost again: then it will be called again
  await look()
}

/**
 * What is published while the connection is broken is lost. So whenever locks are renewed, every few seconds, the jobs
 * themselves are asked as well: cancelling marks those that run. One round trip per queue.
 */
export function lookForCancelled(worker: Worker, client: Broker, keys: PoolKeys, running: Running): void {
  worker.on('locksRenewed', async ({ jobIds }) => {
    const marks = client.pipeline()
    for (const id of jobIds) marks.hexists(keys.job(worker.name, id), 'cancel')
    const replies = await marks.exec().catch(() => null) // the next renewal will do
    const marked = new Set(jobIds.filter((_, index) => replies?.[index]?.[1] === 1))
    if (marked.size > 0) running.abort(({ job }) => marked.has(job.id as string), cancelled)
  })
}

/**
 * The same for everything that runs, by the state of its workflow: whoever was cut off when a workflow was cancelled need
 * not wait for the next renewal. One round trip.
 */
export async function abortCancelled(client: Broker, keys: PoolKeys, running: Running): Promise<void> {
  const workflows = [...running.workflows()]
  if (workflows.length === 0) return
  const states = client.pipeline()
  for (const id of workflows) states.hget(keys.workflow(id), 'state')
  const replies = (await states.exec()) ?? []
  const over = new Set(workflows.filter((_, index) => replies[index]?.[1] === 'cancelled'))
  if (over.size > 0) running.abort(({ job }) => over.has(job.data.workflow), cancelled)
}

const cancelled = ({ workflowName }: JobData) =>
  new MillraceError('MILLRACE_CANCELLED', `The workflow "${workflowName}" was cancelled.`)
