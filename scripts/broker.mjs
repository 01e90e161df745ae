// Finds a Redis, or starts a private one that ends with whoever asked for it.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { createConnection, createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { ROOT } from './install.mjs'

const GUARD = fileURLToPath(new URL('./guard.mjs', import.meta.url))
const SERVERS = ['redis-server', 'valkey-server']
const START_MS = 10_000

/** No Redis was found and none could be had; the message names the three ways to get one. */
export class BrokerMissing extends Error {
  code = 'MILLRACE_BROKER_MISSING'
}

/**
 * Opens a broker: `REDIS_URL` when it is set; else a private server on a free port, installed first where that is
 * possible; else Docker.
 *
 * @param {{ durable?: boolean, log?: (line: string) => void, env?: Record<string, string | undefined> }} options
 *   durable: keep an append-only file (for `npm start` and the demo; tests need none)
 * @returns {Promise<{ url: string, kind: 'given' | 'private' | 'docker', close(): Promise<void> }>}
 */
export async function openBroker({ durable = true, log = () => {}, env = process.env } = {}) {
  if (env.REDIS_URL) {
    const { hostname, port } = new URL(env.REDIS_URL)
    if (!(await answers(hostname || '127.0.0.1', Number(port || 6379)))) {
      throw new BrokerMissing(
        `REDIS_URL is set, but nothing answers at ${hostname}:${port || 6379}. Start it, or unset REDIS_URL.`,
      )
    }
    return { url: env.REDIS_URL, kind: 'given', close: async () => {} }
  }
  const server = findServer(env) ?? installServer(env, log)
  if (server) return startServer(server, durable, env)
  if (works('docker', ['info'], env)) return startDocker(env, log)
  throw new BrokerMissing(
    [
      'Millrace needs a Redis, and this machine has none that it could use. Any one of these helps:',
      '  1. set REDIS_URL to a Redis 6.2 or Valkey 8 that runs somewhere: REDIS_URL=redis://host:6379 npm run demo',
      '  2. install one: apt-get install redis-server · brew install redis · dnf install valkey',
      '  3. start Docker: a container is then used by itself',
    ].join('\n'),
  )
}

/** The first Redis-compatible server on the PATH. */
export function findServer(env = process.env) {
  return SERVERS.find((server) => works(server, ['--version'], env))
}

/** Debian and Ubuntu as root, or Homebrew; anything else is left to the user. */
function installServer(env, log) {
  const quiet = { env: { ...env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' }, stdio: 'ignore' }
  if (process.getuid?.() === 0 && works('apt-get', ['--version'], env)) {
    log('Installing redis-server from the system’s packages …')
    spawnSync('apt-get', ['update'], quiet)
    spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'redis-server'], quiet)
  } else if (works('brew', ['--version'], env)) {
    log('Installing redis with Homebrew …')
    spawnSync('brew', ['install', 'redis'], quiet)
  }
  return findServer(env)
}

async function startServer(server, durable, env) {
  const dir = join(ROOT, '.millrace', `broker-${process.pid}-${Date.now().toString(36)}`)
  mkdirSync(dir, { recursive: true })
  for (let attempt = 0; attempt < 5; attempt++) {
    const port = await freePort() // another process may take it first: then the server ends at once, and we try again
    const args = ['--port', port, '--bind', '127.0.0.1', '--dir', dir, '--save', '', '--maxmemory-policy', 'noeviction']
    args.push('--appendonly', durable ? 'yes' : 'no', '--appendfsync', 'everysec', '--loglevel', 'warning')
    const child = spawn(process.execPath, [GUARD, server, ...args.map(String)], {
      env,
      stdio: ['pipe', 'ignore', 'ignore'],
    })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    if (await untilAnswers(port, child)) {
      const close = async () => {
        child.stdin.end() // the guard sees it, and ends the server
        await gone
        rmSync(dir, { recursive: true, force: true })
      }
      return { url: `redis://127.0.0.1:${port}`, kind: 'private', close }
    }
    child.stdin.end()
    await gone
  }
  throw new BrokerMissing(`${server} was found, but did not start: run it by hand to see why, or set REDIS_URL.`)
}

async function startDocker(env, log) {
  log('Starting Redis in a container …')
  const port = await freePort()
  const args = [
    'run',
    '--rm',
    '-d',
    '-p',
    `127.0.0.1:${port}:6379`,
    'redis:7-alpine',
    'redis-server',
    '--maxmemory-policy',
    'noeviction',
  ]
  const { status, stdout, stderr } = spawnSync('docker', args, { env, encoding: 'utf8' })
  if (status !== 0) throw new BrokerMissing(`Docker runs, but could not start Redis: ${stderr.trim()}`)
  const close = async () => void spawnSync('docker', ['stop', '-t', '2', stdout.trim()], { env, stdio: 'ignore' })
  if (await untilAnswers(port)) return { url: `redis://127.0.0.1:${port}`, kind: 'docker', close }
  await close()
  throw new BrokerMissing('Redis started in a container, but does not answer.')
}

/** A port of this machine that nobody listens on. */
export function freePort() {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => resolve(port))
    })
  })
}

async function untilAnswers(port, child) {
  const deadline = Date.now() + START_MS
  while (Date.now() < deadline && child?.exitCode == null) {
    if (await answers('127.0.0.1', port)) return child?.exitCode == null
    await sleep(25)
  }
  return false
}

/** Whether something speaks Redis there. One that asks for a password does. */
function answers(host, port) {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: 2_000 }, () => socket.write('PING\r\n'))
    const end = (answer) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('data', (data) => end(/^(\+PONG|-NOAUTH|-LOADING)/.test(data.toString())))
    socket.once('error', () => end(false))
    socket.once('timeout', () => end(false))
  })
}

function works(command, args, env) {
  return spawnSync(command, args, { env, stdio: 'ignore', timeout: 10_000 }).status === 0
}
