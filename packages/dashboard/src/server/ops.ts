import { type OpsOptions, opsAnswers } from '@millrace/shared'
import type { FastifyInstance } from 'fastify'

/**
 * `/livez` and `/readyz`, open to everybody, and `/metrics` for those who may look: it names tasks, queues and resources.
 */
export function serveOps(server: FastifyInstance, options: OpsOptions): void {
  for (const [path, answer] of Object.entries(opsAnswers(options))) {
    const config = { rateLimit: false, ...(path === '/metrics' && { role: 'viewer' as const }) } as const
    server.get(path, { config }, async (_request, reply) => {
      const { status, type, body } = await answer()
      return await reply.code(status).type(type).header('cache-control', 'no-store').send(body)
    })
  }
}
