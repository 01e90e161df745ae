import { MillraceError } from '@millrace/shared'
import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { openEventStream } from '../live/event-stream.ts'
import { openFeed } from '../live/feed.ts'
import type { Services } from './endpoint.ts'
import { API } from './endpoints.ts'
import { id } from './fields.ts'

const params = z.object({ id })
const role = 'viewer' as const
const stream = { method: 'GET' as const, tag: 'Workflows', role, params, refuses: [404] }

/** Addresses that answer with server-sent events for as long as somebody listens. */
export const STREAMS = [
  {
    ...stream,
    path: '/workflows/:id/events',
    summary:
      'Events `job`, `chunk` and `workflow` as they happen, until it ends; `Last-Event-ID` leaves out chunks that came before',
  },
  {
    ...stream,
    path: '/workflows/:id/live',
    summary: 'Events `changes`: first all its jobs, then those that changed, for as long as somebody listens',
  },
]

export function serveStreams(server: FastifyInstance, { producer, log }: Services): void {
  const feed = openFeed(producer, (error) => log.warn({ err: error }, 'a workflow could not be looked at'))
  server.addHook('onClose', async () => feed.stop())

  server.get(`${API}/workflows/:id/events`, { config: { role } }, async (request, reply) => {
    const workflow = await existing(request.params)
    const seen = Number(request.headers['last-event-id'] ?? 0) || 0
    const stream = openEventStream(request, reply)
    let last = seen
    try {
      for await (const { kind, ...event } of producer.watch(workflow, { signal: stream.signal })) {
        if (kind === 'chunk') {
          const { number } = event as { number: number }
          if (number <= seen) continue
          last = Math.max(last, number)
        }
        stream.send(kind, event, last)
      }
      if (!stream.signal.aborted) stream.send('end', {}, last)
    } catch (error) {
      log.warn({ err: error, workflow }, 'a stream of events broke')
    }
    stream.close()
  })

  server.get(`${API}/workflows/:id/live`, { config: { role } }, async (request, reply) => {
    const workflow = await existing(request.params)
    const stream = openEventStream(request, reply)
    const stop = feed.follow(workflow, (changes) => {
      if (changes) stream.send('changes', changes)
      else stream.close()
    })
    stream.signal.addEventListener('abort', stop)
  })

  async function existing(given: unknown): Promise<string> {
    const read = params.safeParse(given)
    if (!read.success) throw new MillraceError('MILLRACE_REQUEST_INVALID', 'path, id: this is no id of a workflow')
    const found = await producer.summary(read.data.id)
    if (!found) throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow "${read.data.id}".`)
    return read.data.id
  }
}
