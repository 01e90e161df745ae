import { createBullBoard } from '@bull-board/api'
import { type connectBroker, DEAD_LETTERS, type PoolKeys } from '@millrace/shared'
import { Queue } from 'bullmq'
import type { FastifyInstance } from 'fastify'
import { BoardAdapter } from './adapter.ts'
import { PoolQueue } from './pool-queue.ts'

const BOARD = '/queues'

/** A queue that appears is seen after this time at most. */
const FRESH_MS = 2_000

export interface Board {
  serve(server: FastifyInstance): Promise<void>
  close(): Promise<void>
}

/**
 * Bull Board over all queues of the pool and the dead letters, for looking: removing, retrying, promoting or draining behind
 * the engine's back would leave workflows that never end. Each job has a link to our page of it, which can do what is safe.
 */
export function openBoard(
  client: Awaited<ReturnType<typeof connectBroker>>,
  keys: PoolKeys,
  failed: (error: unknown) => void,
): Board {
  const adapter = new BoardAdapter()
  const queues = new Map<string, Queue>()
  const board = createBullBoard({
    queues: [],
    serverAdapter: adapter,
    options: {
      uiConfig: {
        boardTitle: 'Millrace queues',
        hideDocsLink: true,
        miscLinks: [
          { text: 'Workflows', url: '/workflows' },
          { text: 'Dead letters', url: '/dead-letters' },
          { text: 'Overview', url: '/overview' },
        ],
      },
    },
  })
  let readAt = Number.NEGATIVE_INFINITY

  async function refresh(): Promise<void> {
    if (performance.now() - readAt < FRESH_MS) return
    readAt = performance.now()
    const names = new Set([...(await client.smembers(keys.queues)), DEAD_LETTERS])
    for (const name of [...names].toSorted()) if (!queues.has(name)) add(name)
  }

  function add(name: string): void {
    const options = { connection: client, prefix: keys.prefix, skipVersionCheck: true, skipMetasUpdate: true }
    const queue = new Queue(name, options)
    queue.on('error', failed)
    queues.set(name, queue)
    board.addQueue(new PoolQueue(client, keys, queue))
  }

  return {
    serve: (server) => adapter.serve(server, BOARD, refresh),
    async close() {
      await Promise.all([...queues.values()].map((queue) => queue.close()))
    },
  }
}
