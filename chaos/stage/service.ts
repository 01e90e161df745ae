import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `dead`: nobody listens, and what was connected is cut off. `flooded`: it answers 429. `slow`: it answers much too late. */
export type Condition = 'well' | 'dead' | 'slow' | 'flooded'

const [QUICK_MS, SLOW_MS] = [5, 20_000]

/** A real HTTP service outside the pool, which fares as the scenario says. */
export interface Service {
  readonly url: string
  /** Requests that reached it. */
  readonly requests: () => number
  become(condition: Condition): Promise<void>
  close(): Promise<void>
}

export async function openService(): Promise<Service> {
  let condition: Condition = 'well'
  let requests = 0
  const late = new Set<NodeJS.Timeout>()

  function answer(response: ServerResponse): void {
    requests++
    if (condition === 'flooded') return void response.writeHead(429).end()
    const timer = setTimeout(() => response.end('done'), condition === 'slow' ? SLOW_MS : QUICK_MS)
    late.add(timer)
    response.once('close', () => {
      clearTimeout(timer)
      late.delete(timer)
    })
  }
  const open = async (port: number): Promise<Server> => {
    const server = createServer((_, response) => answer(response))
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve))
    return server
  }
  const end = (server: Server) =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })

  let server: Server | undefined = await open(0)
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}/`,
    requests: () => requests,
    async become(next) {
      condition = next
      if (next === 'dead' && server) {
        await end(server)
        server = undefined
      }
      if (next !== 'dead') server ??= await open(port)
    },
    async close() {
      for (const timer of late) clearTimeout(timer)
      if (server) await end(server)
    },
  }
}
