import {
  brokerCheck,
  connectBroker,
  createRegistry,
  poolExporter,
  poolKeys,
  processSamples,
  serveOps,
} from '@millrace/shared'
import { type Command, Option } from 'commander'
import { PACKAGE_VERSION } from '../../version.ts'
import { readPort } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import type { Run } from '../session.ts'

const DEFAULT_PORT = 9465

export function addExporter(program: Command, run: Run): void {
  program
    .command('exporter')
    .description('serve the metrics of the pool as a whole at /metrics until Ctrl-C; run one of these for a pool')
    .addOption(
      new Option('--port <port>', 'port to listen on; 0 for one that is free')
        .argParser(readPort)
        .default(DEFAULT_PORT),
    )
    .option('--once', 'print the metrics once and end')
    .addHelpText(
      'after',
      examples('millrace exporter', 'millrace exporter --port 9100', 'millrace exporter --once | grep queue_depth'),
    )
    .action((options: { port: number; once?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const { address, namespace, connectTimeoutMs } = session.target
        const client = await connectBroker({ url: address.url, role: 'worker', connectTimeoutMs })
        const own = processSamples('exporter', PACKAGE_VERSION)
        const registry = createRegistry([own.read, poolExporter(client, poolKeys(namespace))])
        try {
          if (options.once) {
            const text = await registry.text()
            session.answer({ metrics: text }, () => text.trimEnd())
            return EXIT.done
          }
          const interrupted = session.interruption()
          const server = await serveOps(options.port, { registry, checks: [brokerCheck(client)] })
          session.talk(`Serving http://127.0.0.1:${server.port}/metrics, /livez and /readyz. Ctrl-C ends it.`)
          await new Promise((ended) => interrupted.addEventListener('abort', ended, { once: true }))
          await server.stop()
          return EXIT.done
        } finally {
          own.stop()
          client.disconnect()
        }
      }),
    )
}
