import { createProducer } from '@millrace/producer'
import {
  connectBroker,
  createLogger,
  createRegistry,
  type Logger,
  type OpsOptions,
  type PoolKeys,
  poolExporter,
  poolKeys,
} from '@millrace/shared'
import { openBoard } from './board/board.ts'
import { type DashboardConfig, readConfig } from './config.ts'
import { buildServer } from './server/dashboard.ts'

/** A dashboard that listens. */
export interface Dashboard {
  /** `http://127.0.0.1:4280` */
  readonly url: string
  close(): Promise<void>
}

/**
 * Shows a pool: connects to its Redis and listens.
 *
 * @throws MillraceError MILLRACE_BROKER_UNREACHABLE, or whatever listening on the address throws, e.g. EADDRINUSE.
 */
export async function startDashboard(
  config: DashboardConfig = readConfig(),
  log: Logger = createLogger({ service: 'dashboard', level: config.logLevel }),
): Promise<Dashboard> {
  const { redisUrl, namespace, host, port } = config
  const producer = await createProducer({ connection: redisUrl, namespace, via: 'http' })
  const client = await connectBroker({ url: redisUrl, role: 'producer' })
  const keys = poolKeys(namespace)
  const board = openBoard(client, keys, (error) => log.warn({ err: error }, 'the queues could not be read'))
  const release = async () => {
    await board.close()
    await producer.close()
    await client.quit().catch(() => client.disconnect())
  }
  try {
    const server = await buildServer(producer, board, opsOf(client, keys), config, log)
    const url = await server.listen({ host, port })
    return {
      url,
      async close() {
        await server.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw error
  }
}

/** What this process says of itself and of the pool: it is the one that serves the series of the pool as a whole. */
function opsOf(client: Awaited<ReturnType<typeof connectBroker>>, keys: PoolKeys): OpsOptions {
  const problem = async () => {
    await client.ping()
    return undefined
  }
  return { registry: createRegistry([poolExporter(client, keys)]), checks: [{ name: 'redis', problem }] }
}
