import { MillraceError } from '@millrace/shared'
import { CommanderError } from 'commander'
import { readConfig, redisUrlProblem } from '../config.ts'
import { createProducer } from '../producer.ts'
import { chooseAddress, withOrigin } from './address.ts'
import { EXIT, type ExitCode } from './exit-codes.ts'
import { failureOf } from './failure.ts'
import { jsonDocument } from './json.ts'
import { findLocalPool } from './local-pool.ts'
import { renderIssues } from './output/issues.ts'
import { renderMessage } from './output/message.ts'
import { createProgram } from './program.ts'
import { Refusal } from './refusal.ts'
import { type GlobalOptions, withSession } from './session.ts'
import { ignoreClosedPipes, screen } from './terminal.ts'

const out = screen(process.stdout)
const err = screen(process.stderr)
ignoreClosedPipes([process.stdout, process.stderr], () => process.exit(EXIT.done))

let exit: ExitCode = EXIT.done
try {
  await createProgram(async (options, work) => {
    exit = await withSession({ ...partsFor(options), json: options.json === true, out, err }, work)
  }).parseAsync()
} catch (error) {
  exit = report(error)
}
// what is written must have left the process; what still holds it open (a broker that went away) must not
await Promise.all([process.stdout, process.stderr].map((stream) => new Promise((sent) => stream.write('', sent))))
process.exit(exit)

function partsFor(options: GlobalOptions) {
  const config = readConfig(process.env)
  const problem = options.redis === undefined ? undefined : redisUrlProblem(options.redis)
  if (problem) throw new MillraceError('MILLRACE_USAGE', `--redis: ${problem}`)
  const address = chooseAddress({
    flag: options.redis,
    environment: config.redisUrl,
    localPool: findLocalPool(process.cwd()),
  })
  const target = {
    address,
    namespace: options.namespace ?? config.namespace,
    connectTimeoutMs: config.connectTimeoutMs,
  }
  return {
    target,
    open: () =>
      withOrigin(address, () =>
        createProducer({
          connection: address.url,
          via: 'cli',
          ...(options.actor !== undefined && { actor: options.actor }),
          connectTimeoutMs: target.connectTimeoutMs,
          weights: config.weights,
          ...(target.namespace !== undefined && { namespace: target.namespace }),
        }),
      ),
    interruption() {
      const interruption = new AbortController()
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => interruption.abort())
      return interruption.signal
    },
  }
}

/** Says what went wrong: words on stderr and, with `--json`, the same as data on stdout. */
function report(error: unknown): ExitCode {
  if (error instanceof CommanderError && error.exitCode === 0) return EXIT.done // --help, --version
  const { exit, code, message, issues, told, retryAfter } = failureOf(error)
  const asked = process.argv.includes('--json')
  if (asked)
    out.write(jsonDocument({ error: { code, message, issues, ...(retryAfter !== undefined && { retryAfter }) } }))
  if (told) return exit
  const look = err.look()
  if (error instanceof Refusal) {
    err.write(`${renderIssues(issues, error.source.file, error.source.text, look)}; nothing was submitted.\n`)
  } else err.write(`${renderMessage([['red', code ?? 'error']], message, look)}\n`)
  return exit
}
