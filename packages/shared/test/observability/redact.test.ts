import { describe, expect, it } from 'vitest'
import { createLogger } from '../../src/index.ts'
import { createRedactor } from '../../src/observability/redact.ts'

const redact = createRedactor(['iban', 'card.number'])

describe('a log line', () => {
  it.each([
    [{ password: 'x' }],
    [{ input: { user: { dbPassword: 'x' } } }],
    [{ headers: { Authorization: 'Bearer x', 'Set-Cookie': 'x' } }],
    [{ context: [{ api_key: 'x' }, { 'api-key': 'x' }, { apiKey: 'x' }] }],
    [{ token: { kind: 'x', value: 'x' } }],
    [{ iban: 'x', card: { number: 'x' } }],
    [{ error: 'cannot reach redis://user:x@cache:6379/0' }],
    [{ error: 'cannot reach redis://user:with@x@cache:6379/0' }],
  ])('does not show the secret of %j', (fields) => {
    expect(JSON.stringify(redact(fields))).not.toContain('x"')
    expect(JSON.stringify(redact(fields))).not.toContain('x@')
    expect(JSON.stringify(redact(fields))).toContain('[redacted]')
  })

  it.each([
    [{ number: 1, tokens: 12, fencingToken: 3, monkey: 'x', path: 'http://host/a:b@c' }],
    [{ at: new Date(0), none: null, list: [1, [2]], password: null }],
  ])('keeps %j as it is', (fields) => expect(redact(fields)).toBe(fields))

  it('keeps what was logged unchanged for its owner', () => {
    const input = { password: 'x' }
    redact({ input })
    expect(input.password).toBe('x')
  })

  it('hides secrets of errors, and of what children of a log say in every line', () => {
    const lines: string[] = []
    const log = createLogger({ service: 'worker', destination: { write: (line) => lines.push(line) } })
    const err = Object.assign(new Error('no'), { config: { headers: { authorization: 'hidden' } } })
    log.child({ apiKey: 'hidden' }).error({ err }, 'it failed')
    expect(lines.join()).not.toContain('hidden')
    expect(JSON.parse(lines[0] as string)).toMatchObject({
      apiKey: '[redacted]',
      err: { message: 'no', type: 'Error' },
    })
  })
})
