import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import type { Producer } from '@millrace/producer'
import { type Logger, MillraceError, type OpsOptions } from '@millrace/shared'
import { type FastifyReply, type FastifyRequest, fastify } from 'fastify'
import { serveApi } from '../api/serve.ts'
import { guard } from '../auth/guard.ts'
import { serveSessions } from '../auth/serve-sessions.ts'
import { openSessions } from '../auth/sessions.ts'
import type { Board } from '../board/board.ts'
import type { DashboardConfig } from '../config.ts'
import { servePages } from '../page/serve.ts'
import { failureOf } from './failure.ts'
import { HEADERS } from './headers.ts'
import { serveOps } from './ops.ts'

/** A path or header that is longer than this is no question of ours. */
const LONGEST_PARAMETER = 1_000
/** Slower requests hold a connection for nothing. */
const REQUEST_TIMEOUT_MS = 30_000

type Settings = Pick<DashboardConfig, 'tokens' | 'rateLimit' | 'maxBodyBytes' | 'sessionMs' | 'trustProxy'>

/** The web server of the dashboard, not listening yet. */
export async function buildServer(producer: Producer, board: Board, ops: OpsOptions, settings: Settings, log: Logger) {
  const answerFailure = (thrown: unknown, request: FastifyRequest, reply: FastifyReply) => {
    const { status, body, isDefect } = failureOf(thrown, request.id)
    if (isDefect) log.error({ err: thrown, requestId: request.id, path: request.url }, 'a request failed')
    if (status === 401) reply.header('www-authenticate', 'Bearer')
    return reply.code(status).header('cache-control', 'no-store').send(body)
  }
  const server = fastify({
    frameworkErrors: (_error, request, reply) => {
      void answerFailure(new MillraceError('MILLRACE_REQUEST_INVALID', 'This is no proper path.'), request, reply)
    },
    bodyLimit: settings.maxBodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    trustProxy: settings.trustProxy,
    forceCloseConnections: true, // streams never end by themselves
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
  })
  server.setErrorHandler(answerFailure)
  await server.register(helmet, HEADERS)
  await server.register(rateLimit, { max: settings.rateLimit, timeWindow: 60_000 })
  const sessions = openSessions(settings.sessionMs)
  guard(server, settings.tokens, sessions)
  server.setNotFoundHandler({ preHandler: server.rateLimit() }, () => {
    throw new MillraceError('MILLRACE_ADDRESS_UNKNOWN', 'Nothing answers here; /api/v1/openapi.json lists what does.')
  })
  server.removeContentTypeParser('text/plain') // any site can make a browser send it without being asked
  if (settings.tokens.length > 0) serveSessions(server, settings.tokens, sessions, settings.sessionMs)
  serveOps(server, ops)
  serveApi(server, { producer, log })
  await servePages(server, settings.tokens.length > 0)
  await board.serve(server)
  return server
}
