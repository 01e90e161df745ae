import { MillraceError } from '@millrace/shared'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { readCookie } from './cookie.ts'
import { hostName, isCrossSite, isLoopback, isSameSite } from './origin.ts'
import { allows, type Role } from './roles.ts'
import type { Sessions } from './sessions.ts'
import { findToken, type Token } from './tokens.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The role that the address needs; without one it is open to everybody. */
    role?: Role
  }
  interface FastifyRequest {
    /** Of whoever asks; `undefined` for somebody who named no token. */
    role: Role | undefined
  }
}

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS'])

/**
 * Finds out who asks and refuses what they may not do, before a body is read.
 *
 * Without tokens everybody who reaches the process is `admin`; then it listens on this machine only, and only requests that
 * are addressed to it by such a name are answered, lest a page elsewhere points its own name here (DNS rebinding).
 */
export function guard(server: FastifyInstance, tokens: readonly Token[], sessions: Sessions): void {
  server.decorateRequest('role', undefined)
  server.addHook('onRequest', async (request) => {
    request.role = roleOf(request, tokens, sessions)
    const { role: needed } = request.routeOptions.config
    if (needed && !request.role) {
      throw new MillraceError(
        'MILLRACE_UNAUTHENTICATED',
        'Send `Authorization: Bearer <token>` with a token that is known.',
      )
    }
    if (needed && !allows(request.role as Role, needed)) {
      throw new MillraceError('MILLRACE_FORBIDDEN', `This needs the role ${needed}; yours is ${request.role}.`)
    }
  })
}

function roleOf(request: FastifyRequest, tokens: readonly Token[], sessions: Sessions): Role | undefined {
  const { headers, method } = request
  const changes = !SAFE.has(method)
  if (tokens.length === 0) {
    if (!isLoopback(hostName(headers.host ?? ''))) {
      throw new MillraceError(
        'MILLRACE_FORBIDDEN',
        'A dashboard without tokens answers only to localhost and 127.0.0.1.',
      )
    }
    if (changes && isCrossSite(headers)) throw fromElsewhere()
    return 'admin'
  }
  const [, bearer] = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '') ?? []
  if (bearer !== undefined) return findToken(tokens, bearer)?.role
  const session = readCookie(headers.cookie)
  const role = session === undefined ? undefined : sessions.roleOf(session)
  if (role && changes && !isSameSite(headers)) throw fromElsewhere()
  return role
}

const fromElsewhere = () =>
  new MillraceError('MILLRACE_FORBIDDEN', 'A page of another site sent this request; nothing was done.')
