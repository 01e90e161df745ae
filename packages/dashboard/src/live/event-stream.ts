import type { FastifyReply, FastifyRequest } from 'fastify'

/** Proxies close what is silent. */
const HEARTBEAT_MS = 15_000
/** How long a browser waits before it comes back. */
const RETRY_MS = 2_000
/** A reader who takes nothing in is let go before the process keeps more than this for him. */
const LARGEST_BACKLOG_BYTES = 16 * 1024 * 1024

export interface EventStream {
  /** Sends one event; `id` comes back as `Last-Event-ID` when the reader reconnects. */
  send(event: string, data: unknown, id?: string | number): void
  /** Aborted when the reader has gone. */
  readonly signal: AbortSignal
  close(): void
}

/** Opens a stream of server-sent events as the answer to a request. */
export function openEventStream(request: FastifyRequest, reply: FastifyReply): EventStream {
  reply.hijack()
  const { raw } = reply
  const gone = new AbortController()
  const headers = Object.fromEntries(Object.entries(reply.getHeaders()).filter(([, value]) => value !== undefined))
  raw.writeHead(200, {
    ...(headers as Record<string, string>),
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  const write = (text: string) => {
    if (raw.writableLength > LARGEST_BACKLOG_BYTES) raw.destroy()
    else if (!raw.destroyed && !raw.writableEnded) raw.write(text)
  }
  write(`retry: ${RETRY_MS}\n\n`)
  const beat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
  const close = () => {
    clearInterval(beat)
    gone.abort()
    raw.end()
  }
  request.raw.once('close', close)
  raw.once('close', close)
  return {
    send(event, data, id) {
      write(`${id === undefined ? '' : `id: ${id}\n`}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
    },
    signal: gone.signal,
    close,
  }
}
