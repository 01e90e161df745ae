import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { brokerUrl, freshNamespace, metricValue, until } from '@millrace/shared/testing'
import { beforeEach, describe, expect, it } from 'vitest'
import { createProducer } from '../../src/index.ts'
import { millrace, start } from './millrace.ts'

let env: { REDIS_URL: string; MILLRACE_NAMESPACE: string }
beforeEach(() => {
  env = { REDIS_URL: brokerUrl(), MILLRACE_NAMESPACE: freshNamespace() }
})

const WORKFLOW = JSON.stringify({ name: 'two', jobs: { a: { task: 't' }, b: { task: 't', needs: 'a' } } })
const enqueue = (more: Record<string, string> = {}) =>
  millrace(['enqueue', '-'], { env: { ...env, ...more }, stdin: WORKFLOW })

describe('millrace exporter', () => {
  it('prints the metrics of the pool once', async () => {
    expect((await enqueue()).exit).toBe(0)
    const { exit, out } = await millrace(['exporter', '--once'], { env })
    expect(exit).toBe(0)
    expect(metricValue(out, 'millrace_queue_depth', { queue: 'default', level: 'normal' })).toBe(1)
    expect(metricValue(out, 'millrace_jobs_waiting_for_needs', { queue: 'default' })).toBe(1)
    expect(out).toContain('millrace_build_info{kind="exporter"')
  })

  it.each(['SIGINT', 'SIGTERM'] as const)('serves them until %s', async (signal) => {
    const { child, ended, seen } = start(['exporter', '--port', '0'], { env })
    const url = await until(async () => /http:\/\/\S+(?=\/metrics)/.exec(seen().err)?.[0])
    expect(await (await fetch(`${url}/metrics`)).text()).toContain('millrace_redis_up 1')
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(`${url}/elsewhere`)).status).toBe(404)
    expect((await fetch(`${url}/metrics`, { method: 'POST' })).status).toBe(405)
    child.kill(signal)
    expect((await ended).exit).toBe(0)
  })

  it('ends with 3 when there is no Redis', async () => {
    const { exit } = await millrace(['exporter', '--once'], { env: { ...env, REDIS_URL: 'redis://127.0.0.1:1' } })
    expect(exit).toBe(3)
  })
})

describe('a producer with a port', () => {
  it('serves what it submitted', async () => {
    const { REDIS_URL: connection, MILLRACE_NAMESPACE: namespace } = env
    const producer = await createProducer({ connection, namespace, httpPort: 0 })
    const workflow = { name: 'one', jobs: { a: { task: 't' } } }
    await producer.submit(workflow, { id: 'x' })
    await producer.submit(workflow, { id: 'x' })
    await expect(producer.submit({ name: 'bad', jobs: {} })).rejects.toThrow()
    const text = await (await fetch(`http://127.0.0.1:${producer.httpPort}/metrics`)).text()
    const count = (outcome: string) => metricValue(text, 'millrace_submissions_total', { outcome })
    expect([count('created'), count('known'), count('refused'), count('failed')]).toEqual([1, 1, 1, 0])
    expect(metricValue(text, 'millrace_submit_duration_seconds_count')).toBe(3)
    await producer.close()
  })
})

describe('a command in an environment with a collector', () => {
  it('sends its span before it ends', async () => {
    const bodies: string[] = []
    const collector = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => {
        body += chunk.toString('latin1')
      })
      request.on('end', () => {
        bodies.push(`${request.url} ${body}`)
        response.end()
      })
    })
    await new Promise<void>((listening) => collector.listen(0, '127.0.0.1', listening))
    const { port } = collector.address() as AddressInfo
    const OTEL_EXPORTER_OTLP_ENDPOINT = `http://127.0.0.1:${port}`
    expect((await enqueue({ OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_SERVICE_NAME: 'my-shop' })).exit).toBe(0)
    collector.close()
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatch(/^\/v1\/traces /)
    expect(bodies[0]).toContain('submit two')
    expect(bodies[0]).toContain('my-shop')
  })
})
