import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from '../install.mjs'
import { isAlive } from '../is-alive.mjs'
import { BrokerError } from './error.mjs'
import { freePort } from './free-port.mjs'
import { startGuarded, untilAnswers } from './guarded.mjs'

const HOME = join(ROOT, '.millrace')
const START_MS = 10_000
const PORTS_TO_TRY = 5

/**
 * Starts a private server on a free port of this machine, with its data in a folder that goes when it ends.
 *
 * @param {string} server the program: `redis-server` or `valkey-server`
 * @param {boolean} durable
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<import('../broker.mjs').Broker>}
 */
export async function startServer(server, durable, env) {
  removeLeftFolders()
  const dir = join(HOME, `broker-${process.pid}-${Date.now().toString(36)}`)
  const log = join(dir, 'server.log')
  mkdirSync(dir, { recursive: true })
  const remove = () => rmSync(dir, { recursive: true, force: true })
  for (let attempt = 0; attempt < PORTS_TO_TRY; attempt++) {
    const port = await freePort() // another process may take it first: then the server ends at once, and we try again
    const args = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', dir, '--save', '']
    args.push('--maxmemory-policy', 'noeviction', '--appendonly', durable ? 'yes' : 'no', '--appendfsync', 'everysec')
    args.push('--loglevel', 'warning', '--logfile', log)
    const guarded = startGuarded([server, ...args], { env, output: 'ignore' })
    if (await untilAnswers(guarded, { port, withinMs: START_MS })) {
      const ended = guarded.ended.then(remove)
      const close = () => guarded.end().then(() => ended)
      return { url: `redis://127.0.0.1:${port}`, kind: 'private', ended, close }
    }
    await guarded.end()
  }
  const said = existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n').slice(-10).join('\n') : 'nothing'
  remove()
  throw new BrokerError('MILLRACE_BROKER_MISSING', `${server} does not start here; set REDIS_URL. It said:\n${said}`)
}

/** A process that was killed could not remove its server's data. */
function removeLeftFolders() {
  for (const name of existsSync(HOME) ? readdirSync(HOME) : []) {
    const owner = Number(/^broker-(\d+)-/.exec(name)?.[1])
    if (owner && !isAlive(owner)) rmSync(join(HOME, name), { recursive: true, force: true })
  }
}
