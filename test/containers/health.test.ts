import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT } from './manifests.ts'

const HEALTH = join(ROOT, 'scripts/container-health.mjs')

/** @returns the exit code of the health check, asked about a program that gives this answer, and what it printed. */
async function healthOf(status: number | undefined, how: 'argument' | 'setting' = 'argument') {
  const server = createServer((request, response) => {
    response.writeHead(request.url === '/readyz' ? (status ?? 0) : 404).end('{"problems":[]}')
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const port = `${(server.address() as AddressInfo).port}`
  if (status === undefined) await new Promise((closed) => server.close(closed))
  const env = { ...process.env, MILLRACE_HTTP_PORT: how === 'setting' ? port : '1' }
  const child = execFile(process.execPath, [HEALTH, ...(how === 'argument' ? [port] : [])], { env })
  let said = ''
  child.stdout?.on('data', (text) => {
    said += text
  })
  const [code] = await once(child, 'close')
  server.close()
  return { code, said: said.trim() }
}

describe('the health check of the image', () => {
  it('passes when the program is ready, and repeats what it says', async () => {
    expect(await healthOf(200)).toEqual({ code: 0, said: '{"problems":[]}' })
    expect(await healthOf(200, 'setting')).toMatchObject({ code: 0 })
  })

  it('fails when the program is not ready, and when nothing listens', async () => {
    expect(await healthOf(503)).toEqual({ code: 1, said: '{"problems":[]}' })
    expect(await healthOf(undefined)).toEqual({ code: 1, said: expect.stringContaining('ECONNREFUSED') })
  })
})
