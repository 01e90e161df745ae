#!/usr/bin/env node
import { createLogger, type Logger, MillraceError, redactUrl } from '@millrace/shared'
import { CommanderError } from 'commander'
import { rangeText } from '../concurrency/range.ts'
import type { WorkerConfig } from '../config.ts'
import { startWorker } from '../runtime/worker.ts'
import { loadFolder } from '../tasks/load.ts'
import { contain } from './contain.ts'
import { workerCommand } from './options.ts'
import { prettyLine } from './pretty.ts'
import { onSignals } from './signals.ts'

const WRONG_USE = 2
const NO_BROKER = 3
/** After a drain has had its time, in milliseconds: a process that cannot end is worse than a job that comes back late. */
const LAST_RESORT_MS = 5_000

async function run(config: WorkerConfig): Promise<void> {
  if (!config.tasks) {
    throw new MillraceError(
      'MILLRACE_USAGE',
      'Name the folder of your tasks: millrace-worker --tasks <folder>, or set MILLRACE_TASKS.',
    )
  }
  const log = openLog(config)
  const { tasks, resources } = await loadFolder(config.tasks)
  // without a port of its own it still can be looked at, from this machine
  const http = config.httpPort === undefined ? { httpPort: 0, httpHost: '127.0.0.1' } : {}
  const worker = await startWorker(tasks, { ...config, ...http }, log, resources)

  const quit = (within: number) => setTimeout(() => process.exit(1), within + config.graceMs + LAST_RESORT_MS).unref()
  onSignals(
    (signal) => {
      log.info({ signal }, 'draining')
      quit(config.drainMs)
      worker.drain().then(
        () => {
          log.info(worker.counts(), 'stopped')
          process.exit(0) // handlers that were given up may still run
        },
        (error) => fail(error),
      )
    },
    () => {
      log.warn('not waiting any longer')
      quit(0)
      void worker.drain(0)
    },
  )
  contain(log, () => {
    quit(0)
    void worker.drain(0).finally(() => process.exit(1)) // whatever restarts it finds its jobs handed back
  })
  const { redisUrl, concurrency } = config
  const { name, queues, tasks: names, httpPort: port } = worker
  log.info(
    { worker: name, redis: redactUrl(redisUrl), queues, concurrency: rangeText(concurrency), http: port, tasks: names },
    'ready',
  )
}

function openLog({ logLevel: level, logRedact: redact, logFormat: format }: WorkerConfig): Logger {
  const pretty = format === 'pretty' || (format === 'auto' && process.stdout.isTTY)
  if (!pretty) return createLogger({ service: 'worker', level, redact })
  const colour = process.stdout.isTTY && !process.env['NO_COLOR']
  const destination = { write: (line: string) => void process.stdout.write(prettyLine(line, colour)) }
  return createLogger({ service: 'worker', level, redact, destination })
}

/** Says on stderr what is wrong, and ends the process with the code that fits. */
function fail(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USE)
  if (!(error instanceof MillraceError)) throw error
  process.stderr.write(`millrace-worker: ${error.message} [${error.code}]\n`)
  const broker = error.code === 'MILLRACE_BROKER_UNREACHABLE' || error.code === 'MILLRACE_ENGINE_UNPROVEN'
  process.exit(broker ? NO_BROKER : WRONG_USE)
}

try {
  await workerCommand(run, process.env).exitOverride().parseAsync()
} catch (error) {
  fail(error)
}
