import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import type { JobState } from '../workflow/states.ts'
import { readSummary } from './status.ts'
import type { WorkflowEvent, WorkflowSummary } from './views.ts'

/** A channel forgets what nobody heard: a look at the header now and then makes up for a lost connection. */
const LOOK_EVERY_MS = 1_000

const isOver = (summary: WorkflowSummary) =>
  summary.held || summary.state === 'succeeded' || summary.state === 'failed' || summary.state === 'cancelled'

/**
 * Yields what changes in a workflow, beginning with a summary of now; ends after the summary that says it has ended, or
 * is held. Ends at once, without a word, when there is no such workflow or `signal` is aborted.
 */
export async function* watchWorkflow(
  client: Redis,
  keys: PoolKeys,
  id: string,
  signal?: AbortSignal,
): AsyncGenerator<WorkflowEvent> {
  const events: WorkflowEvent[] = []
  let wake = () => {}
  const subscriber = client.duplicate({ maxRetriesPerRequest: null })
  subscriber.on('error', () => {}) // ioredis reconnects and subscribes again
  subscriber.on('message', (_channel: string, text: string) => {
    const event = JSON.parse(text) as { job?: string; state?: JobState; at: number }
    if (event.job && event.state) events.push({ kind: 'job', job: event.job, state: event.state, at: event.at })
    wake()
  })
  const stop = () => wake()
  signal?.addEventListener('abort', stop)
  try {
    await subscriber.subscribe(keys.events(id))
    let last = ''
    while (!signal?.aborted) {
      const summary = await readSummary(client, keys, id)
      if (!summary) return
      // the channel is another connection: its answer comes after every event that was published before
      if (isOver(summary)) await subscriber.ping()
      while (events.length > 0) yield events.shift() as WorkflowEvent
      const seen = JSON.stringify(summary)
      if (seen !== last) yield { kind: 'workflow', summary }
      last = seen
      if (isOver(summary)) return
      if (events.length === 0) {
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, LOOK_EVERY_MS)
          wake = () => {
            clearTimeout(timer)
            resolve()
          }
          if (signal?.aborted || events.length > 0) wake()
        })
      }
    }
  } finally {
    signal?.removeEventListener('abort', stop)
    subscriber.disconnect()
  }
}
