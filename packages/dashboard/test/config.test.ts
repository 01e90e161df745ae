import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/index.ts'

describe('the settings of a dashboard', () => {
  it('are for this machine alone when nothing is said', () => {
    expect(readConfig({})).toMatchObject({
      host: '127.0.0.1',
      port: 4280,
      tokens: [],
      redisUrl: 'redis://127.0.0.1:6379',
    })
  })

  it('refuse another host without tokens, and take it with them', () => {
    expect(() => readConfig({ MILLRACE_DASHBOARD_HOST: '0.0.0.0' })).toThrow(
      /can be reached from other machines.*MILLRACE_DASHBOARD_TOKENS/s,
    )
    const tokens = { MILLRACE_DASHBOARD_HOST: '0.0.0.0', MILLRACE_DASHBOARD_TOKENS: `admin:${'x'.repeat(20)}` }
    expect(readConfig(tokens).host).toBe('0.0.0.0')
  })

  it('tell all problems at once, and no token', () => {
    const given = {
      REDIS_URL: 'http://x',
      MILLRACE_DASHBOARD_PORT: '70000',
      MILLRACE_DASHBOARD_TOKENS: 'admin:secret',
      MILLRACE_DASHBOARD_RATE: '1',
    }
    let message = ''
    try {
      readConfig(given)
    } catch (error) {
      message = (error as Error).message
    }
    for (const name of Object.keys(given)) expect(message).toContain(`${name}:`)
    expect(message).not.toContain('secret')
  })

  it('may stand beside those of other programs', () => {
    expect(readConfig({ MILLRACE_TASKS: './tasks', MILLRACE_DASHBOARD_SERVICE_HOST: '10.0.0.1' }).port).toBe(4280)
  })
})
