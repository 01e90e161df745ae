import { Command } from 'commander'
import { readConfig, type Setting, type WorkerConfig } from '../config.ts'
import { PACKAGE_VERSION } from '../version.ts'

interface Flags {
  tasks?: string
  queues?: string
  concurrency?: string
  redis?: string
  namespace?: string
  name?: string
  drain?: string
  httpPort?: string
  logLevel?: string
  json?: boolean
}

/** Which setting each flag stands for; a flag wins over the environment. */
const SETTING_OF = {
  tasks: 'MILLRACE_TASKS',
  queues: 'MILLRACE_QUEUES',
  concurrency: 'MILLRACE_CONCURRENCY',
  redis: 'REDIS_URL',
  namespace: 'MILLRACE_NAMESPACE',
  name: 'MILLRACE_WORKER_NAME',
  drain: 'MILLRACE_DRAIN',
  httpPort: 'MILLRACE_HTTP_PORT',
  logLevel: 'MILLRACE_LOG_LEVEL',
} as const satisfies Partial<Record<keyof Flags, Setting>>

const EXAMPLES = `
Every option is also a setting of the environment: see docs/configuration.md.

Examples:
  $ millrace-worker --tasks ./tasks
  $ millrace-worker --tasks ./tasks --queues mail,reports --concurrency 16
  $ millrace-worker --tasks ./tasks --concurrency 4-64
  $ millrace-worker --tasks ./tasks --redis redis://cache:6379 --drain 55s --json

Signals: SIGTERM or SIGINT (Ctrl-C) drains: nothing more is taken, running jobs may go on for --drain, and what is not
done by then goes back to its queue at once. A second one does not wait.

Exit codes: 0 drained, 2 wrong use, a setting or the tasks, 3 Redis cannot be reached or does not fit.`

export const workerCommand = (run: (config: WorkerConfig) => Promise<void>, env: NodeJS.ProcessEnv): Command =>
  new Command('millrace-worker')
    .description('run the jobs of a Millrace pool')
    .version(PACKAGE_VERSION, '--version', 'print the version')
    .option('--tasks <folder>', 'folder of .ts or .js modules that export tasks (required)')
    .option('--queues <names>', 'queues to work on, separated by commas (default: those of the tasks)')
    .option('--concurrency <number>', 'jobs run at once: a number, or a range to adapt within (default: 4-32)')
    .option('--redis <url>', 'Redis of the pool (default: REDIS_URL, else redis://127.0.0.1:6379)')
    .option('--namespace <name>', 'separates pools that share one Redis (default: millrace)')
    .option('--name <name>', 'name of this worker in logs and dead letters (default: host name and process id)')
    .option('--drain <duration>', 'how long running jobs may go on after a signal (default: 25s)')
    .option(
      '--http-port <port>',
      'port of /metrics, /livez and /readyz (default: one that is free, on 127.0.0.1 alone)',
    )
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .option('--json', 'log lines of JSON, on a terminal too')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .action((flags: Flags) => run(readConfig({ ...env, ...asSettings(flags) })))

function asSettings(flags: Flags): Partial<Record<Setting, string>> {
  const given = Object.entries(SETTING_OF).flatMap(([flag, setting]) => {
    const value = flags[flag as keyof typeof SETTING_OF]
    return value === undefined ? [] : [[setting, value]]
  })
  return { ...Object.fromEntries(given), ...(flags.json && { MILLRACE_LOG_FORMAT: 'json' }) }
}
