import { MillraceError } from '@millrace/shared'
import type { FastifyInstance } from 'fastify'
import { readCookie, writeCookie } from './cookie.ts'
import { isCrossSite } from './origin.ts'
import type { Sessions } from './sessions.ts'
import { findToken, type Token } from './tokens.ts'

/** Guesses of one address per minute; a token is found by its owner at the first. */
const GUESSES = 10

/** `POST /sign-in` with `{ token }` gives a cookie, `POST /sign-out` takes it back. */
export function serveSessions(
  server: FastifyInstance,
  tokens: readonly Token[],
  sessions: Sessions,
  lifetimeMs: number,
): void {
  server.post('/sign-in', { config: { rateLimit: { max: GUESSES, timeWindow: 60_000 } } }, async (request, reply) => {
    if (isCrossSite(request.headers)) {
      throw new MillraceError('MILLRACE_FORBIDDEN', 'A page of another site sent this request; nothing was done.')
    }
    const { token } = (request.body ?? {}) as { token?: unknown }
    const found = typeof token === 'string' ? findToken(tokens, token) : undefined
    if (!found) throw new MillraceError('MILLRACE_UNAUTHENTICATED', 'This token is not known.')
    const cookie = writeCookie(sessions.open(found.role), lifetimeMs, request.protocol === 'https')
    return reply.header('set-cookie', cookie).send({ role: found.role })
  })

  server.register(async (scope) => {
    // its button stands in a plain form, without fields
    scope.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, async () => ({}))
    scope.post('/sign-out', async (request, reply) => {
      const session = readCookie(request.headers.cookie)
      if (session !== undefined && !isCrossSite(request.headers)) sessions.end(session)
      return reply.header('set-cookie', writeCookie('', 0, request.protocol === 'https')).redirect('/sign-in', 303)
    })
  })
}
