import { createServer } from 'node:net'
import { brokerUrl } from '@millrace/shared/testing'
import { Redis } from 'ioredis'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { freePort } from '../../scripts/broker/free-port.mjs'
import { openBroker } from '../../scripts/broker.mjs'
import { emptyMachine, realServer } from './machine.ts'

let machine: ReturnType<typeof emptyMachine>
beforeEach(() => {
  machine = emptyMachine()
})
afterEach(() => machine.remove())

async function ask(url: string, ...words: [string, ...string[]]): Promise<unknown> {
  const redis = new Redis(url, { retryStrategy: () => null })
  redis.on('error', () => {}) // the command fails with it
  try {
    return await redis.call(...words)
  } finally {
    redis.disconnect()
  }
}

describe('a broker', () => {
  it('is the one that REDIS_URL names, and is left running', async () => {
    const broker = await openBroker({ env: { ...machine.env, REDIS_URL: brokerUrl() } })
    expect(broker).toMatchObject({ kind: 'given', url: brokerUrl() })
    await broker.close()
    expect(await ask(brokerUrl(), 'PING')).toBe('PONG')
  })

  it('is refused when nothing answers at REDIS_URL', async () => {
    const port = await freePort()
    await expect(openBroker({ env: { REDIS_URL: `redis://:secret@127.0.0.1:${port}` } })).rejects.toMatchObject({
      code: 'MILLRACE_BROKER_UNREACHABLE',
      message: `REDIS_URL is set, but no Redis answers at 127.0.0.1:${port}. Start it, or unset REDIS_URL.`,
    })
  })

  it('is refused when something else answers at REDIS_URL', async () => {
    const web = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'))
    await new Promise<void>((resolve) => web.listen(0, '127.0.0.1', resolve))
    const { port } = web.address() as { port: number }
    await expect(openBroker({ env: { REDIS_URL: `redis://127.0.0.1:${port}` } })).rejects.toMatchObject({
      code: 'MILLRACE_BROKER_UNREACHABLE',
    })
    web.close()
  })

  it.each(['localhost:6379', 'http://localhost', 'redis://'])('is refused when REDIS_URL is %s', async (url) => {
    await expect(openBroker({ env: { REDIS_URL: url } })).rejects.toThrow('REDIS_URL is no Redis URL')
  })

  it.skipIf(!realServer).each(['redis-server', 'valkey-server'])(
    'is a private %s when the machine has one',
    async (name) => {
      machine.put(name, `exec ${realServer} "$@"`)
      const broker = await openBroker({ env: machine.env })
      expect(broker.kind).toBe('private')
      expect(await ask(broker.url, 'CONFIG', 'GET', 'maxmemory-policy')).toContain('noeviction')
      expect(await ask(broker.url, 'CONFIG', 'GET', 'appendonly')).toContain('yes')
      expect(await ask(broker.url, 'CONFIG', 'GET', 'bind')).toContain('127.0.0.1')
      await broker.close()
      await broker.ended
      await expect(ask(broker.url, 'PING')).rejects.toThrow()
    },
  )

  it.skipIf(!realServer)('takes another port when somebody was faster', async () => {
    // the first start finds its port taken and ends, as a server does then
    machine.put(
      'redis-server',
      `[ "$1" = --version ] || { [ -e "$0.tried" ] || { : >"$0.tried"; exit 1; }; }\nexec ${realServer} "$@"`,
    )
    const broker = await openBroker({ env: machine.env, durable: false })
    expect(await ask(broker.url, 'CONFIG', 'GET', 'appendonly')).toContain('no')
    await broker.close()
  })

  it('says what a server said that does not start', async () => {
    machine.put(
      'redis-server',
      `[ "$1" = --version ] && exit 0
      while [ "$1" != --logfile ]; do shift; done
      echo 'Fatal: the disk is full' >"$2"; exit 1`,
    )
    await expect(openBroker({ env: machine.env })).rejects.toThrow('Fatal: the disk is full')
  })

  it.skipIf(!realServer)('is installed with Homebrew when it is missing', async () => {
    machine.put('brew', `[ "$1" = install ] || exit 0\n/bin/ln -s ${realServer} ${machine.folder}/redis-server`)
    const said: string[] = []
    const broker = await openBroker({ env: machine.env, log: (line) => said.push(line) })
    expect(broker.kind).toBe('private')
    expect(said).toEqual(['Installing redis with Homebrew …'])
    await broker.close()
  })

  it.skipIf(!realServer || process.getuid?.() !== 0)('is installed from the packages of Debian by root', async () => {
    machine.put('apt-get', `[ "$1" = install ] || exit 0\n/bin/ln -s ${realServer} ${machine.folder}/redis-server`)
    const broker = await openBroker({ env: machine.env })
    expect(broker.kind).toBe('private')
    await broker.close()
  })

  it.skipIf(!realServer)('is a container when there is no server, but Docker', async () => {
    // stands in for Docker: "run" starts a server on the port that was to be published
    machine.put(
      'docker',
      `[ "$1" = run ] || exit 0
      while [ "$1" != -p ]; do shift; done
      port=\${2#127.0.0.1:}
      exec ${realServer} --port "\${port%:6379}" --save ''`,
    )
    const broker = await openBroker({ env: machine.env })
    expect(broker.kind).toBe('container')
    expect(await ask(broker.url, 'PING')).toBe('PONG')
    await broker.close()
    await expect(ask(broker.url, 'PING')).rejects.toThrow()
  })

  it('is missing when there is no way to get one, and the three ways are named', async () => {
    const error = await openBroker({ env: machine.env }).catch((thrown) => thrown)
    expect(error).toMatchObject({ code: 'MILLRACE_BROKER_MISSING' })
    expect(error.message).toMatch(/set REDIS_URL.*install one.*start Docker/s)
  })

  it('is missing when the installer fails, and what it said is shown', async () => {
    machine.put('brew', `[ "$1" = install ] && { echo 'no network' >&2; exit 1; }; exit 0`)
    const said: string[] = []
    const opening = openBroker({ env: machine.env, log: (line) => said.push(line) })
    await expect(opening).rejects.toMatchObject({ code: 'MILLRACE_BROKER_MISSING' })
    expect(said.join('\n')).toContain('no network')
  })
})
