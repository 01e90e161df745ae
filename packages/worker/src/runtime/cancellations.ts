import { type JobData, MillraceError, type PoolKeys, type Signals } from '@millrace/shared'
import type { Worker } from 'bullmq'
import type { Running } from './attempt.ts'
import type { Broker } from './room.ts'

/** Aborts what runs of a workflow that is cancelled, as soon as that is published. */
export const onCancelled = (signals: Signals, keys: PoolKeys, running: Running) =>
  signals.subscribe(keys.cancellations, (id) => running.abort(({ job }) => job.data.workflow === id, cancelled))

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

const cancelled = ({ workflowName }: JobData) =>
  new MillraceError('MILLRACE_CANCELLED', `The workflow "${workflowName}" was cancelled.`)
