import { fileURLToPath } from 'node:url'
import fastifyStatic from '@fastify/static'
import { MillraceError } from '@millrace/shared'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { id } from '../api/fields.ts'
import { DEAD_LETTERS_PAGE, OVERVIEW, SIGN_IN, WORKFLOWS, workflowPage } from './pages.ts'
import { type Page, page } from './shell.ts'

const ASSETS = fileURLToPath(new URL('../../public/', import.meta.url))

/** Puts the pages on the server. They hold no data: their scripts ask the API, which knows who may see what. */
export async function servePages(server: FastifyInstance, hasTokens: boolean): Promise<void> {
  await server.register(fastifyStatic, {
    root: ASSETS,
    prefix: '/assets/',
    cacheControl: true,
    maxAge: '5m',
    dotfiles: 'deny',
  })
  const show =
    (one: Page | ((request: FastifyRequest) => Page)) => async (request: FastifyRequest, reply: FastifyReply) => {
      if (!request.role && one !== SIGN_IN) return reply.redirect(`/sign-in?to=${encodeURIComponent(request.url)}`)
      const shown = typeof one === 'function' ? one(request) : one
      const visitor = { role: request.role, signedIn: hasTokens && request.role !== undefined }
      return reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(page(shown, visitor))
    }
  server.get('/', async (_request, reply) => reply.redirect('/workflows'))
  server.get('/workflows', show(WORKFLOWS))
  server.get('/workflows/:id', show(workflowOf))
  server.get('/dead-letters', show(DEAD_LETTERS_PAGE))
  server.get('/overview', show(OVERVIEW))
  server.get('/sign-in', show(SIGN_IN))
}

function workflowOf({ params }: FastifyRequest): Page {
  const read = id.safeParse((params as { id: unknown }).id)
  if (read.success) return workflowPage(read.data)
  throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', 'This is no id of a workflow.')
}
