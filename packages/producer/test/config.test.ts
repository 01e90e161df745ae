import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { readConfig, SETTINGS } from '../src/config.ts'

/** Without the blanks that align its tables. */
const manual = readFileSync(new URL('../../../docs/configuration.md', import.meta.url), 'utf8').replaceAll(
  / +\|/g,
  ' |',
)

describe('the settings of a producer', () => {
  it('have defaults, and an empty value counts as absent', () => {
    const defaults = { redisUrl: undefined, namespace: undefined, connectTimeoutMs: 3_000, weights: {} }
    expect(readConfig({})).toEqual(defaults)
    expect(readConfig({ REDIS_URL: '', MILLRACE_NAMESPACE: '', MILLRACE_PRODUCER_CONNECT_TIMEOUT: '' })).toEqual(
      defaults,
    )
  })

  it('are read once and frozen', () => {
    const config = readConfig({
      REDIS_URL: 'rediss://user:secret@redis.example.org:6380/2',
      MILLRACE_NAMESPACE: 'staging',
      MILLRACE_PRODUCER_CONNECT_TIMEOUT: '500ms',
      MILLRACE_PRODUCER_WEIGHTS: 'type.security=40s, type.chore=0,complexity.meta=20s',
    })
    expect(config).toEqual({
      redisUrl: 'rediss://user:secret@redis.example.org:6380/2',
      namespace: 'staging',
      connectTimeoutMs: 500,
      weights: { type: { security: 40_000, chore: 0 }, complexity: { meta: 20_000 } },
    })
    expect(Object.isFrozen(config)).toBe(true)
  })

  it('are refused with all problems at once, unknown names among them', () => {
    const env = {
      REDIS_URL: 'localhost:6379',
      MILLRACE_NAMESPACE: 'my pool',
      MILLRACE_PRODUCER_CONNECT_TIMEOUT: '3',
      MILLRACE_NAMSPACE: 'x',
    }
    expect(() => readConfig(env)).toThrow(
      expect.objectContaining({
        code: 'MILLRACE_SETTING_INVALID',
        message: [
          '4 settings are wrong:',
          '  REDIS_URL: expected redis://[[user]:password@]host[:port][/database], or rediss:// with TLS, received "localhost:6379"',
          '  MILLRACE_NAMESPACE: expected 1 to 64 letters, digits, "_", "-" or ".", received "my pool"',
          '  MILLRACE_PRODUCER_CONNECT_TIMEOUT: expected a duration from 1ms to 1m such as 500ms or 3s, received "3"',
          '  MILLRACE_NAMSPACE: there is no such setting. Did you mean "MILLRACE_NAMESPACE"?',
        ].join('\n'),
      }),
    )
  })

  it('never repeat a password in a message', () => {
    expect(() => readConfig({ REDIS_URL: 'http://user:sec/r@et@host' })).toThrow('received "http://***@host"')
    expect(() => readConfig({ REDIS_URL: 'user:sec@ret@host:6379' })).toThrow('received "***@host:6379"')
  })

  it('may stand beside those of other programs and what a cluster puts into the environment', () => {
    const env = {
      MILLRACE_DASHBOARD_PORT_NUMBER: '1',
      MILLRACE_WORKER_SERVICE_HOST: '10.0.0.7',
      MILLRACE_WORKER_SERVICE_PORT_HTTP: '80',
      MILLRACE_WORKER_PORT: 'tcp://10.0.0.7:80',
      MILLRACE_WORKER_PORT_80_TCP_ADDR: '10.0.0.7',
    }
    expect(() => readConfig(env)).not.toThrow()
  })

  it.each(SETTINGS)('%s has a row in docs/configuration.md', (name) => {
    expect(manual).toContain(`| \`${name}\` |`)
  })

  it('may stand beside every setting that docs/configuration.md knows', () => {
    const others = [...manual.matchAll(/^\| `(MILLRACE_\w+)`/gm)].map(([, name]) => name as string)
    const values = others.filter((name) => !SETTINGS.some((own) => own === name)).map((name) => [name, 'x'])
    expect(() => readConfig(Object.fromEntries(values))).not.toThrow()
  })
})
