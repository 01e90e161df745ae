import { Command } from 'commander'
import { type DashboardConfig, readConfig, type Setting } from '../config.ts'
import { PACKAGE_VERSION } from '../version.ts'

interface Flags {
  host?: string
  port?: string
  redis?: string
  namespace?: string
  logLevel?: string
}

/** Which setting each flag stands for; a flag wins over the environment. Tokens have none: others could read them. */
const SETTING_OF = {
  host: 'MILLRACE_DASHBOARD_HOST',
  port: 'MILLRACE_DASHBOARD_PORT',
  redis: 'REDIS_URL',
  namespace: 'MILLRACE_NAMESPACE',
  logLevel: 'MILLRACE_LOG_LEVEL',
} as const satisfies Record<keyof Flags, Setting>

const EXAMPLES = `
Every option is also a setting of the environment: see docs/configuration.md.

Examples:
  $ millrace-dashboard
  $ millrace-dashboard --port 8080 --redis redis://cache:6379
  $ MILLRACE_DASHBOARD_TOKENS=viewer:$VIEWER,admin:$ADMIN millrace-dashboard --host 0.0.0.0

Without tokens everybody who reaches it may do anything, so it listens on this machine only.

Exit codes: 0 ended by a signal, 2 wrong use, a setting, or an address that is taken, 3 Redis cannot be reached.`

export const dashboardCommand = (run: (config: DashboardConfig) => Promise<void>, env: NodeJS.ProcessEnv): Command =>
  new Command('millrace-dashboard')
    .description('show a Millrace pool: workflow pages, Bull Board, REST API')
    .version(PACKAGE_VERSION, '--version', 'print the version')
    .option('--host <address>', 'address to listen on (default: 127.0.0.1)')
    .option('--port <number>', 'port to listen on; 0 for any that is free (default: 4280)')
    .option('--redis <url>', 'Redis of the pool (default: REDIS_URL, else redis://127.0.0.1:6379)')
    .option('--namespace <name>', 'separates pools that share one Redis (default: millrace)')
    .option('--log-level <level>', 'trace, debug, info, warn, error, fatal or silent (default: info)')
    .addHelpText('after', EXAMPLES)
    .allowExcessArguments(false)
    .action((flags: Flags) => run(readConfig({ ...env, ...asSettings(flags) })))

function asSettings(flags: Flags): Partial<Record<Setting, string>> {
  return Object.fromEntries(
    Object.entries(SETTING_OF).flatMap(([flag, setting]) => {
      const value = flags[flag as keyof Flags]
      return value === undefined ? [] : [[setting, value]]
    }),
  )
}
