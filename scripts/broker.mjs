// Finds a Redis, or starts a private one that ends with whoever asked for it.
import { answers } from './broker/answers.mjs'
import { startContainer } from './broker/container.mjs'
import { BrokerError } from './broker/error.mjs'
import { installServer } from './broker/install-server.mjs'
import { startServer } from './broker/server.mjs'
import { works } from './broker/works.mjs'

const SERVERS = ['redis-server', 'valkey-server']

/**
 * @typedef {Record<string, string | undefined>} Env
 * @typedef {object} Broker
 * @property {string} url
 * @property {'given' | 'private' | 'container'} kind
 * @property {Promise<void>} ended resolves when the server is gone; never for a given one
 * @property {() => Promise<void>} close ends the server, unless it was given; may be repeated
 */

/**
 * Opens a broker: `REDIS_URL` when it is set; else a private server on a free port, installed first where that is
 * possible; else a container.
 *
 * @param {{ durable?: boolean, log?: (line: string) => void, env?: Env }} options
 *   durable: keep an append-only file (for `npm start` and the demo; tests need none)
 * @returns {Promise<Broker>}
 * @throws {BrokerError} MILLRACE_BROKER_UNREACHABLE: nothing answers at `REDIS_URL`. MILLRACE_BROKER_MISSING: there is
 *   no server and none could be had; the message names the three ways to get one.
 */
export async function openBroker({ durable = true, log = () => {}, env = process.env } = {}) {
  if (env.REDIS_URL) return given(env.REDIS_URL)
  const server = findServer(env) ?? (installServer(env, log) ? findServer(env) : undefined)
  if (server) return startServer(server, durable, env)
  if (works('docker', ['info'], env)) return startContainer(env, log)
  throw new BrokerError(
    'MILLRACE_BROKER_MISSING',
    [
      'Millrace needs a Redis, and this machine has none that it could use. Any one of these helps:',
      '  1. set REDIS_URL to a Redis 6.2 or Valkey 8 that runs somewhere: REDIS_URL=redis://host:6379 npm run demo',
      '  2. install one: apt-get install redis-server · brew install redis · dnf install valkey',
      '  3. start Docker: a container is then used by itself',
    ].join('\n'),
  )
}

/** The first Redis-compatible server on the PATH. */
export function findServer(/** @type {Env} */ env = process.env) {
  return SERVERS.find((server) => works(server, ['--version'], env))
}

/** @returns {Promise<Broker>} */
async function given(/** @type {string} */ url) {
  if (!/^rediss?:\/\/[^/]/.test(url) || !URL.canParse(url)) {
    throw new BrokerError(
      'MILLRACE_BROKER_UNREACHABLE',
      'REDIS_URL is no Redis URL: write redis://[[user]:password@]host[:port], or rediss:// with TLS.',
    )
  }
  const { protocol, hostname, port } = new URL(url)
  const address = { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379), tls: protocol === 'rediss:' }
  if (!(await answers(address))) {
    throw new BrokerError(
      'MILLRACE_BROKER_UNREACHABLE',
      `REDIS_URL is set, but no Redis answers at ${hostname}:${address.port}. Start it, or unset REDIS_URL.`,
    )
  }
  return { url, kind: 'given', ended: new Promise(() => {}), close: async () => {} }
}
