import { type AttemptTrace, carrierOf, type LockedJob, noteSpan, readNeedSpans, type Tracing } from '@millrace/shared'
import type { Attempt } from '../attempt/attempt.ts'
import type { Room } from '../attempt/room.ts'

/** Makes the spans of a worker's attempts; nothing where it does not trace. */
export function traceAttempts(
  tracing: Tracing | undefined,
  worker: string,
): ((locked: LockedJob, attempt: number) => AttemptTrace) | undefined {
  if (!tracing) return undefined
  return ({ job }, attempt) => {
    const { workflow, workflowName, job: name, spans } = job.data
    const trace = tracing.attempt({
      ...{ workflow, workflowName, job: name, task: job.name, queue: job.queueName, attempt, worker, spans },
      carrier: carrierOf(job),
    })
    if (trace.recorded) noteSpan(job, trace)
    return trace
  }
}

/** Links an attempt to those that ended its needs, where their spans did not come with the job: wide needs, and after a failure. */
export async function linkNeeds({ job }: Attempt, trace: AttemptTrace, { client, keys }: Room): Promise<void> {
  const { outputs, needs } = job.data
  if (outputs === undefined && Object.keys(needs).length > 0) trace.link(await readNeedSpans(client, keys, job.data))
}
