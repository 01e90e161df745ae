import type { Producer } from '@millrace/producer'
import type { FastifyInstance } from 'fastify'

/** Slower than this is as good as no answer. */
const PATIENCE_MS = 2_000

/** `/livez`: the process answers. `/readyz`: so does Redis. Open to everybody, and they say nothing else. */
export function serveHealth(server: FastifyInstance, producer: Producer): void {
  server.get('/livez', { config: { rateLimit: false } }, () => ({ status: 'ok' }))
  server.get('/readyz', { config: { rateLimit: false } }, async (_request, reply) => {
    const answered = await Promise.race([
      producer.counts().then(
        () => true,
        () => false,
      ),
      new Promise<false>((resolve) => setTimeout(resolve, PATIENCE_MS, false).unref()),
    ])
    return await reply
      .code(answered ? 200 : 503)
      .send({ status: answered ? 'ok' : 'unready', redis: answered ? 'ok' : 'no answer' })
  })
}
