import { describe, expect, it } from 'vitest'
import { isCrossSite, isLoopback, isSameSite } from '../../src/auth/origin.ts'
import { openSessions } from '../../src/auth/sessions.ts'
import { findToken, readTokens, type Token } from '../../src/auth/tokens.ts'

const VIEWER = 'v'.repeat(24)
const ADMIN = `${'a'.repeat(24)}:with-colon`

describe('tokens', () => {
  it('are read with their roles and kept as hashes', () => {
    const tokens = readTokens(`viewer:${VIEWER}, admin:${ADMIN}`) as readonly Token[]
    expect(tokens.map(({ role }) => role)).toEqual(['viewer', 'admin'])
    expect(JSON.stringify(tokens)).not.toContain(VIEWER)
    expect(findToken(tokens, ADMIN)?.role).toBe('admin')
    expect(findToken(tokens, `${VIEWER}x`)).toBeUndefined()
    expect(findToken(tokens, '')).toBeUndefined()
  })

  it.each([
    ['boss:0123456789abcdef', 'one of the roles viewer, operator, admin'],
    ['0123456789abcdef', 'expected <role>:<token>'],
    ['viewer:short', 'has 5 characters'],
    ['viewer:with a blank inside', 'visible ASCII'],
  ])('such as %s are refused without being repeated', (text, why) => {
    expect(readTokens(text)).toContain(why)
    expect(readTokens(text)).not.toContain(text.slice(text.indexOf(':') + 1))
  })
})

describe('a session', () => {
  it('ends after its time, and when it is ended', () => {
    let now = 0
    const sessions = openSessions(1_000, () => now)
    const [one, two] = [sessions.open('viewer'), sessions.open('admin')]
    expect(sessions.roleOf(one)).toBe('viewer')
    sessions.end(one)
    expect(sessions.roleOf(one)).toBeUndefined()
    now = 999
    expect(sessions.roleOf(two)).toBe('admin')
    now = 1_000
    expect(sessions.roleOf(two)).toBeUndefined()
  })
})

describe('where a request comes from', () => {
  it.each([
    ['localhost', true],
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['[::1]', true],
    ['0.0.0.0', false],
    ['127.0.0.1.example.org', false],
    ['localhost.example.org', false],
    ['10.0.0.1', false],
  ])('%s is this machine: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })

  it.each([
    [{ host: 'a:1' }, false, false],
    [{ host: 'a:1', origin: 'http://a:1' }, false, true],
    [{ host: 'a:1', 'sec-fetch-site': 'same-origin' }, false, true],
    [{ host: 'a:1', origin: 'http://a:2' }, true, false],
    [{ host: 'a:1', origin: 'null' }, true, false],
    [{ host: 'a:1', 'sec-fetch-site': 'cross-site' }, true, false],
    [{ host: 'a:1', 'sec-fetch-site': 'same-site' }, true, false],
  ])('%j is from another site: %s, from a page of ours: %s', (headers, cross, same) => {
    expect([isCrossSite(headers), isSameSite(headers)]).toEqual([cross, same])
  })
})
