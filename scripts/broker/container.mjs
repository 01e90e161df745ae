import { spawnSync } from 'node:child_process'
import { BrokerError } from './error.mjs'
import { freePort } from './free-port.mjs'
import { startGuarded, untilAnswers } from './guarded.mjs'

const IMAGE = 'redis:7-alpine'
const START_MS = 30_000

/**
 * Starts Redis in a container that goes when it ends.
 *
 * @param {NodeJS.ProcessEnv} env
 * @param {(line: string) => void} log
 * @returns {Promise<import('../broker.mjs').Broker>}
 */
export async function startContainer(env, log) {
  log(`Starting Redis in a container (${IMAGE}) …`)
  const here = spawnSync('docker', ['image', 'inspect', IMAGE], { env, stdio: 'ignore' }).status === 0
  const pulled = here ? undefined : spawnSync('docker', ['pull', IMAGE], { env, encoding: 'utf8' })
  if (pulled && pulled.status !== 0) {
    throw new BrokerError('MILLRACE_BROKER_MISSING', `Docker runs, but could not get ${IMAGE}: ${pulled.stderr.trim()}`)
  }
  const port = await freePort()
  const server = ['redis-server', '--save', '', '--maxmemory-policy', 'noeviction']
  // in the foreground: the docker command hands the guard's signal on to the container
  const command = ['docker', 'run', '--rm', '-p', `127.0.0.1:${port}:6379`, IMAGE, ...server]
  const guarded = startGuarded(command, { env, output: 'ignore' })
  if (await untilAnswers(guarded, { port, withinMs: START_MS })) {
    const ended = guarded.ended.then(() => {})
    return { url: `redis://127.0.0.1:${port}`, kind: 'container', ended, close: guarded.end }
  }
  await guarded.end()
  throw new BrokerError(
    'MILLRACE_BROKER_MISSING',
    `Docker runs, but Redis does not answer from its container. See why: ${command.join(' ')}`,
  )
}
