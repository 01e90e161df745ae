import { workflowJsonSchema } from '@millrace/shared'
import type { FastifyInstance } from 'fastify'
import type { Endpoint, Services } from './endpoint.ts'
import { API, ENDPOINTS } from './endpoints.ts'
import { openApi } from './openapi.ts'
import { readRequest } from './read-request.ts'
import { serveStreams } from './streams.ts'

/** Puts the API on the server: every endpoint, the streams, and the documents that describe them. */
export function serveApi(server: FastifyInstance, services: Services): void {
  for (const endpoint of ENDPOINTS) {
    server.route({
      method: endpoint.method,
      url: API + endpoint.path,
      config: { role: endpoint.role },
      handler: async (request, reply) => {
        const asked = readRequest(endpoint, request)
        const answer = await endpoint.handle(asked as never, services)
        if (endpoint.method === 'POST' && endpoint.role !== 'viewer') {
          services.log.info(
            { role: request.role, from: request.ip, did: endpoint.summary, path: request.url },
            'changed',
          )
        }
        return await reply.code(statusOf(endpoint, answer)).header('cache-control', 'no-store').send(answer)
      },
    })
  }
  serveStreams(server, services)
  readYaml(server)
  const document = openApi(ENDPOINTS)
  server.get(`${API}/openapi.json`, async () => document)
  const schema = workflowJsonSchema()
  server.get(`${API}/workflow.schema.json`, async (_request, reply) =>
    reply.type('application/schema+json').send(await schema),
  )
}

const statusOf = (endpoint: Endpoint, answer: unknown): number => endpoint.status?.(answer as never) ?? 200

/** YAML as a body is read as the text of a workflow, so that `curl --data-binary @workflow.yaml` submits it. */
function readYaml(server: FastifyInstance): void {
  for (const type of ['application/yaml', 'application/x-yaml', 'text/yaml']) {
    server.addContentTypeParser(type, { parseAs: 'string' }, async (_request: unknown, text: string) => ({
      workflow: text,
    }))
  }
}
