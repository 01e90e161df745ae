import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { resolve } from 'node:path'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { describe, expect, it } from 'vitest'

const MAIN = resolve(import.meta.dirname, '../../bin/millrace-dashboard.js')

function run(args: readonly string[], env: Record<string, string> = {}) {
  const given = {
    PATH: process.env['PATH'] ?? '',
    REDIS_URL: brokerUrl(),
    MILLRACE_NAMESPACE: freshNamespace(),
    ...env,
  }
  const child = spawn(process.execPath, [MAIN, ...args], { env: given })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part) => (said += part))
  const ended = once(child, 'exit').then(([code]) => code as number)
  return { child, ended, said: () => said }
}

describe('millrace-dashboard', () => {
  it('says where it listens, and ends when it is told to', async () => {
    const { child, ended, said } = run(['--port', '0'])
    const url = await until(() => /"url":"([^"]+)"/.exec(said())?.[1])
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    child.kill('SIGTERM')
    expect(await ended).toBe(0)
  })

  it('ends with 2 when its address is taken, its settings are wrong or the option does not exist', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as { port: number }
    const [taken, open, unknown] = [run(['--port', `${port}`]), run(['--host', '0.0.0.0']), run(['--nonsense'])]
    expect([await taken.ended, await open.ended, await unknown.ended]).toEqual([2, 2, 2])
    expect(taken.said()).toContain('choose another address')
    expect(open.said()).toContain('there are no tokens')
    server.close()
  })

  it('ends with 3 when Redis cannot be reached', async () => {
    const { ended, said } = run(['--port', '0'], { REDIS_URL: 'redis://127.0.0.1:1' })
    expect(await ended).toBe(3)
    expect(said()).toContain('MILLRACE_BROKER_UNREACHABLE')
  })

  it('has help with examples, and says which version it is', async () => {
    const { ended, said } = run(['--help'])
    expect(await ended).toBe(0)
    expect(said()).toContain('Examples:\n  $ millrace-dashboard')
    const version = run(['--version'])
    expect(await version.ended).toBe(0)
    expect(version.said()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
