#!/usr/bin/env node
import { createLogger, MillraceError, redactUrl } from '@millrace/shared'
import { CommanderError } from 'commander'
import type { DashboardConfig } from '../config.ts'
import { startDashboard } from '../dashboard.ts'
import { dashboardCommand } from './options.ts'

const WRONG_USE = 2
const NO_BROKER = 3

async function run(config: DashboardConfig): Promise<void> {
  const log = createLogger({ service: 'dashboard', level: config.logLevel })
  const dashboard = await startDashboard(config, log)
  const { url } = dashboard
  log.info({ url, redis: redactUrl(config.redisUrl), tokens: config.tokens.length }, 'ready')
  let ending = false
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) {
    process.on(signal, () => {
      if (ending) process.exit(1)
      ending = true
      log.info({ signal }, 'ending')
      dashboard.close().then(
        () => process.exit(0),
        () => process.exit(1),
      )
    })
  }
}

/** Says on stderr what is wrong, and ends the process with the code that fits. */
function fail(error: unknown): never {
  if (error instanceof CommanderError) process.exit(error.exitCode === 0 ? 0 : WRONG_USE)
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'EADDRINUSE' || code === 'EACCES' || code === 'EADDRNOTAVAIL') {
    say(`${message}; choose another address with --host and --port`)
    process.exit(WRONG_USE)
  }
  if (!(error instanceof MillraceError)) throw error
  say(`${error.message} [${error.code}]`)
  process.exit(error.code === 'MILLRACE_BROKER_UNREACHABLE' ? NO_BROKER : WRONG_USE)
}

const say = (text: string) => process.stderr.write(`millrace-dashboard: ${text}\n`)

try {
  await dashboardCommand(run, process.env).exitOverride().parseAsync()
} catch (error) {
  fail(error)
}
