import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type {
  AppControllerRoute,
  AppViewRoute,
  BullBoardQueues,
  IServerAdapter,
  UIConfig,
} from '@bull-board/api/typings/app'
import fastifyStatic from '@fastify/static'
import type { FastifyInstance } from 'fastify'
import { BOARD_POLICY } from '../server/headers.ts'

/** What Bull Board hands over for a web server to serve. */
interface Handed {
  queues: BullBoardQueues
  views: string
  statics: { route: string; path: string }
  entry: AppViewRoute
  routes: AppControllerRoute[]
  uiConfig: UIConfig
}

/**
 * Bull Board on our server, for looking only: what would change something is not served at all, whatever the page may offer.
 * Its page loads a font from another site; that line is left out.
 */
export class BoardAdapter implements IServerAdapter {
  private readonly handed: Partial<Handed> = {}

  setQueues(queues: BullBoardQueues) {
    return this.take({ queues })
  }
  setViewsPath(views: string) {
    return this.take({ views })
  }
  setStaticPath(route: string, path: string) {
    return this.take({ statics: { route, path } })
  }
  setEntryRoute(entry: AppViewRoute) {
    return this.take({ entry })
  }
  setErrorHandler() {
    return this // ours answers with a code and tells nothing of the inside
  }
  setApiRoutes(routes: AppControllerRoute[]) {
    return this.take({ routes })
  }
  setUIConfig(uiConfig: UIConfig) {
    return this.take({ uiConfig })
  }

  async serve(server: FastifyInstance, basePath: string, refresh: () => Promise<void>): Promise<void> {
    const { queues, views, statics, entry, routes, uiConfig } = this.handed as Handed
    const config = { role: 'viewer' } as const
    const { name, params } = entry.handler({ basePath, uiConfig })
    const page = fill(readFileSync(join(views, name), 'utf8'), params)
    await server.register(fastifyStatic, {
      root: statics.path,
      prefix: basePath + statics.route,
      decorateReply: false,
      maxAge: '1h',
      immutable: true,
    })
    for (const path of [entry.route].flat()) {
      server.get(path === '/' ? basePath : basePath + path, async (request, reply) => {
        if (!request.role) return reply.redirect(`/sign-in?to=${encodeURIComponent(request.url)}`)
        return reply.type('text/html; charset=utf-8').header('content-security-policy', BOARD_POLICY).send(page)
      })
    }
    for (const { method, route, handler } of routes) {
      if ([method].flat().some((one) => one !== 'get')) continue
      for (const path of [route].flat()) {
        server.get(basePath + path, { config }, async (request, reply) => {
          await refresh()
          const { params, query, headers } = request
          const asked = { queues, uiConfig, params, query, body: {}, headers }
          const { status = 200, body } = await handler(asked as Parameters<typeof handler>[0])
          return reply.code(status).header('cache-control', 'no-store').send(body)
        })
      }
    }
  }

  private take(part: Partial<Handed>): this {
    Object.assign(this.handed, part)
    return this
  }
}

/** Fills in the page's template: `<%=` escaped, `<%-` as it is. */
function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
  return template
    .replaceAll(/<link[^>]+href="https?:[^>]*>/g, '')
    .replaceAll(/<%([=-]) *(\w+) *%>/g, (_, kind: string, name: string) => {
      const text = String(values[name] ?? '')
      return kind === '=' ? escaped(text) : text
    })
}
