import { brokerCheck, createRegistry, type OpsServer, processSamples, serveOps } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Submissions } from './submissions.ts'
import { PACKAGE_VERSION } from './version.ts'

/** Serves `/metrics`, `/livez` and `/readyz` of a process that submits. */
export async function serveProducer(client: Redis, submissions: Submissions, port: number): Promise<OpsServer> {
  const own = processSamples('producer', PACKAGE_VERSION)
  const registry = createRegistry([own.read, submissions.samples])
  const server = await serveOps(port, { registry, checks: [brokerCheck(client)] })
  return {
    port: server.port,
    async stop() {
      own.stop()
      await server.stop()
    },
  }
}
