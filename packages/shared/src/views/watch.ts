import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readChunks } from '../streams/chunks.ts'
import type { JobState } from '../workflow/states.ts'
import { readSummary } from './status.ts'
import type { WorkflowEvent, WorkflowSummary } from './views.ts'

/** A channel forgets what nobody heard: a look at the header now and then makes up for a lost connection. */
const LOOK_EVERY_MS = 1_000

const isOver = (summary: WorkflowSummary) =>
  summary.held || summary.state === 'succeeded' || summary.state === 'failed' || summary.state === 'cancelled'

/**
 * Yields what changes in a workflow, beginning with what its jobs emitted so far and a summary of now; ends after the
 * summary that says it has ended, or is held. A job's chunks come before its end. Ends at once, without a word, when there is no such workflow or `signal` is aborted.
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
    const chunks = readChunks(client, keys, id)
    while (!signal?.aborted) {
      const summary = await readSummary(client, keys, id)
      if (!summary) return
      // the channel is another connection: its answer comes after every event that was published before
      if (isOver(summary)) await subscriber.ping()
      const changes = events.splice(0) // what was emitted before these is in the stream by now
      for await (const chunk of chunks()) {
        if (signal?.aborted) return
        yield chunk
      }
      yield* changes
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
