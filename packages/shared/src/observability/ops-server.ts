import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MillraceError } from '../errors/millrace-error.ts'
import type { MetricsRegistry } from './registry.ts'

/** Whether one thing that a process needs is there. */
export interface Check {
  readonly name: string
  /** Nothing when it is; else what is wrong, for people. It is given one second to answer. */
  problem(): string | undefined | Promise<string | undefined>
}

export interface OpsOptions {
  readonly registry: MetricsRegistry
  readonly checks: readonly Check[]
  /** Whom it listens to. Default: everybody who can reach this machine. */
  readonly host?: string | undefined
}

export interface OpsServer {
  readonly port: number
  stop(): Promise<void>
}

const PATIENCE_MS = 1_000

/** What an endpoint of a process answers. */
interface Answer {
  readonly status: number
  readonly type: string
  readonly body: string
}

/** Path → what it answers; for servers that have more to say than these three. */
export function opsAnswers({ registry, checks }: OpsOptions): Readonly<Record<string, () => Promise<Answer>>> {
  return {
    /** That it is answered at all says that the event loop is not blocked. */
    '/livez': async () => json(200, { alive: true, uptimeSeconds: Math.round(process.uptime()) }),
    '/readyz': async () => {
      const found = await Promise.all(checks.map(async (check) => [check.name, await problemOf(check)] as const))
      const problems = found.flatMap(([name, problem]) => (problem === undefined ? [] : [`${name}: ${problem}`]))
      const states = Object.fromEntries(found.map(([name, problem]) => [name, problem ?? 'ok']))
      return json(problems.length === 0 ? 200 : 503, { ready: problems.length === 0, problems, checks: states })
    },
    '/metrics': async () => ({ status: 200, type: registry.contentType, body: await registry.text() }),
  }
}

/**
 * Serves `/metrics`, `/livez` and `/readyz`.
 *
 * @param port 0 for any that is free.
 * @throws MillraceError MILLRACE_PORT_TAKEN
 */
export async function serveOps(port: number, options: OpsOptions): Promise<OpsServer> {
  const answers = opsAnswers(options)
  const { createServer } = await import('node:http') // 10 ms, which a command that serves nothing need not wait for
  const server = createServer((request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/'
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, json(405, { error: 'use GET' }))
    const answer = Object.hasOwn(answers, path) ? answers[path] : undefined
    if (!answer) return send(response, json(404, { error: `there are ${Object.keys(answers).join(', ')}` }))
    answer().then(
      (found) => send(response, found),
      (error: unknown) => send(response, json(500, { error: error instanceof Error ? error.message : String(error) })),
    )
  })
  await listen(server, port, options.host)
  server.unref() // it ends with its process, and does not keep it alive
  return {
    port: (server.address() as AddressInfo).port,
    async stop() {
      server.closeAllConnections()
      await new Promise((closed) => server.close(closed))
    },
  }
}

function listen(server: Server, port: number, host: string | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const why = cause.code === 'EADDRINUSE' ? 'another process has it' : cause.message
      reject(new MillraceError('MILLRACE_PORT_TAKEN', `Port ${port} cannot be opened: ${why}.`, { cause }))
    })
    server.listen({ port, host }, resolve)
  })
}

async function problemOf({ problem }: Check): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS, `no answer within ${PATIENCE_MS} ms`)
  })
  const asked = (async () => problem())().catch((error: unknown) => (error as Error).message)
  return await Promise.race([asked, late]).finally(() => clearTimeout(timer))
}

const json = (status: number, value: unknown): Answer => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(value)}\n`,
})

function send(response: ServerResponse, { status, type, body }: Answer): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body)
}
