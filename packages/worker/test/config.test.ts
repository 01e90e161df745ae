import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig, SETTING_NAMES } from '../src/config.ts'

describe('the settings of a worker', () => {
  it('have defaults', () => {
    expect(readConfig({})).toEqual({
      redisUrl: 'redis://127.0.0.1:6379',
      namespace: 'millrace',
      tasks: undefined,
      queues: undefined,
      concurrency: { min: 4, max: 32 },
      memoryHigh: 0.8,
      name: undefined,
      breakerFailures: 5,
      breakerHalfOpenAfterMs: 60_000,
      breakerMaxHalfOpenAfterMs: 600_000,
      bulkhead: undefined,
      resourceTimeoutMs: 30_000,
      drainMs: 25_000,
      graceMs: 1_000,
      lockMs: 10_000,
      stalledEveryMs: undefined,
      maxStalls: 1,
      maxOutputBytes: 262_144,
      maxKeptBytes: 1_048_576,
      version: undefined,
      escalateCount: 100,
      escalateWindowMs: 600_000,
      escalateWebhook: undefined,
      httpPort: undefined,
      httpHost: undefined,
      tracing: undefined,
      logLevel: 'info',
      logRedact: [],
      logFormat: 'auto',
    })
  })

  it('take durations with a unit, or in milliseconds', () => {
    expect(readConfig({ MILLRACE_DRAIN: '1.5m', MILLRACE_LOCK: '15000' })).toMatchObject({
      drainMs: 90_000,
      lockMs: 15_000,
    })
  })

  it('take queues separated by commas', () => {
    expect(readConfig({ MILLRACE_QUEUES: 'mail, reports,' }).queues).toEqual(['mail', 'reports'])
  })

  it('count as absent when they are empty', () => {
    expect(readConfig({ MILLRACE_CONCURRENCY: '', REDIS_URL: '' })).toEqual(readConfig({}))
  })

  it('are frozen', () => {
    expect(Object.isFrozen(readConfig({}))).toBe(true)
  })

  it('leave to others what is theirs', () => {
    expect(() => readConfig({ PATH: '/bin', MILLRACE_DASHBOARD_PORT: '1', MILLRACE_TEST_REDIS: 'x' })).not.toThrow()
  })

  it('do not mind what Kubernetes adds for a service called millrace-worker', () => {
    const injected = [
      'SERVICE_HOST',
      'SERVICE_PORT',
      'SERVICE_PORT_HTTP',
      'PORT',
      'PORT_9090_TCP',
      'PORT_9090_TCP_ADDR',
    ]
    const env = Object.fromEntries(injected.map((name) => [`MILLRACE_WORKER_${name}`, 'tcp://10.0.0.1:9090']))
    expect(() => readConfig(env)).not.toThrow()
  })

  it('are refused with all problems at once, misspelt names among them, and no password is repeated', () => {
    const wrong = {
      REDIS_URL: 'http://:secret@host',
      MILLRACE_NAMESPACE: '{x}',
      MILLRACE_QUEUES: 'a:b',
      MILLRACE_CONCURRENCY: '0',
      MILLRACE_MEMORY_HIGH: '0.8',
      MILLRACE_WORKER_NAME: 'a b',
      MILLRACE_BREAKER_FAILURES: '0',
      MILLRACE_BREAKER_HALF_OPEN_AFTER: '0',
      MILLRACE_BREAKER_HALF_OPEN_MAX: 'never',
      MILLRACE_BULKHEAD: 'none',
      MILLRACE_RESOURCE_TIMEOUT: '-1',
      MILLRACE_DRAIN: 'soon',
      MILLRACE_GRACE: '-1s',
      MILLRACE_LOCK: '10ms',
      MILLRACE_STALLED_EVERY: '5 weeks',
      MILLRACE_MAX_STALLS: '1.5',
      MILLRACE_MAX_OUTPUT_BYTES: 'much',
      MILLRACE_MAX_KEPT_BYTES: '0',
      MILLRACE_WORKER_VERSION: 'a b',
      MILLRACE_ESCALATE_COUNT: '0',
      MILLRACE_ESCALATE_WINDOW: 'long',
      MILLRACE_ESCALATE_WEBHOOK: 'ftp://x',
      MILLRACE_HTTP_PORT: '70000',
      MILLRACE_LOG_LEVEL: 'loud',
      MILLRACE_LOG_REDACT: '1,2',
      MILLRACE_LOG_FORMAT: 'xml',
      MILLRACE_CONCURENCY: '8',
    }
    let message = ''
    try {
      readConfig(wrong)
    } catch (error) {
      expect(error).toMatchObject({ code: 'MILLRACE_SETTING_INVALID' })
      message = (error as Error).message
    }
    for (const name of Object.keys(wrong)) expect(message).toMatch(new RegExp(`^- ${name}\\b`, 'm'))
    expect(message).not.toContain('secret')
    expect(Object.keys(wrong).length).toBe(SETTING_NAMES.length) // one known name, MILLRACE_TASKS, takes any text
  })

  it.each(SETTING_NAMES)('are documented: %s', (name) => {
    const page = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8')
    expect(page).toMatch(new RegExp(`^\\| \`${name}\` +\\|`, 'm'))
  })
})
