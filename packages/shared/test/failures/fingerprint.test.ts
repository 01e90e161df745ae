import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fingerprintOf } from '../../src/failures/fingerprint.ts'
import { topFrame } from '../../src/failures/frame.ts'
import { normaliseMessage } from '../../src/failures/normalise.ts'

describe('the shape of a message', () => {
  it.each([
    ['user 4711 not found', 'user <n> not found'],
    ['took 30.5ms, limit -20', 'took <n>ms, limit <n>'],
    ['no row 3f2c8a10-9d1e-4b7a-8f00-1234567890ab', 'no row <uuid>'],
    ['at 0xDEADBEEF', 'at <hex>'],
    ['commit 9fceb02d0ae598e95dc970b74767f19372d61af8 is gone', 'commit <id> is gone'],
    ['session abc123def456ghi expired', 'session <id> expired'],
    ['column "name" and \'it\' and `x`', 'column <text> and <text> and <text>'],
    ["can't open it, won't try", "can't open it, won't try"],
    ['GET https://example.org/a/1?b=2 failed', 'GET <url> failed'],
    ['connect ECONNREFUSED 127.0.0.1:6379', 'connect ECONNREFUSED <address>'],
    ['connect ECONNREFUSED ::1:6379', 'connect ECONNREFUSED <address>'],
    ["ENOENT: no such file, open '/tmp/a b/c.txt'", 'ENOENT: no such file, open <text>'],
    ['cannot read /var/lib/app/42.json now', 'cannot read <path> now'],
    ['cannot read C:\\data\\x.json', 'cannot read <path>'],
    ['mail to ann.b+c@mail.example.org bounced', 'mail to <email> bounced'],
    ['since 2026-11-21T12:00:00.123Z', 'since <time>'],
    ['two\nlines   of  it', 'two lines of it'],
    ['utf8 and sha256 stay words with <n>', 'utf<n> and sha<n> stay words with <n>'],
    ['', ''],
  ])('%j is %j', (message, pattern) => {
    expect(normaliseMessage(message)).toBe(pattern)
  })

  const parts = fc.array(fc.constantFrom('user', 'order', 'failed', 'with', 'code', 'at', 'limit', 'because of'), {
    minLength: 1,
  })
  const ids = fc.oneof(
    fc.nat().map(String),
    fc.uuid(),
    fc.emailAddress({ size: 'small' }).filter((address) => /^[\w.+-]+@[\w.-]+$/.test(address)),
    fc.ipV4(),
    fc.webUrl(),
    fc.stringMatching(/^"[a-z ]{0,20}"$/),
  )

  it('does not depend on ids of the same kind', () => {
    fc.assert(
      fc.property(parts, fc.uuid(), fc.uuid(), fc.nat(), fc.nat(), (words, one, two, n, m) => {
        const message = (id: string, number: number) => `${words.join(' ')} ${id} of ${number} (${words[0]})`
        expect(normaliseMessage(message(one, n))).toBe(normaliseMessage(message(two, m)))
      }),
    )
  })

  it('keeps the words around them, and is stable: its shape is its own shape', () => {
    fc.assert(
      fc.property(parts, ids, (words, id) => {
        const pattern = normaliseMessage(`${words.join(' ')} ${id} end`)
        expect(pattern.startsWith(words.join(' '))).toBe(true)
        expect(pattern.endsWith(' end')).toBe(true)
        expect(normaliseMessage(pattern)).toBe(pattern)
      }),
    )
  })

  it('is at most 300 characters, and quickly made, whatever the message is', () => {
    for (const unit of ['a', 'a1', '/', ':', '"', '.', 'a@', '0x', '1.', 'a-', "'", 'ab:'])
      expect(normaliseMessage(unit.repeat(200_000)).length).toBeLessThanOrEqual(300)
    fc.assert(fc.property(fc.string({ maxLength: 5_000 }), (text) => normaliseMessage(text).length <= 300))
  })
})

describe('the place of a failure', () => {
  const stack = (...frames: string[]) => `Error: x\n${frames.map((frame) => `    at ${frame}`).join('\n')}`
  it.each([
    ['a function', stack('charge (file:///app/src/tasks/pay.ts:10:5)'), 'charge@tasks/pay.ts'],
    ['a method', stack('Bank.charge (/app/src/bank.ts:1:2)'), 'Bank.charge@src/bank.ts'],
    ['an alias', stack('Object.charge [as handler] (/app/src/bank.ts:1:2)'), 'charge@src/bank.ts'],
    ['no function', stack('/app/src/bank.ts:1:2'), '<anonymous>@src/bank.ts'],
    ['async', stack('async charge (/app/src/bank.ts:1:2)'), 'charge@src/bank.ts'],
    ['a module that was loaded again', stack('f (file:///app/src/bank.ts?v=12:1:2)'), 'f@src/bank.ts'],
    ['Windows', stack('f (C:\\app\\src\\bank.ts:1:2)'), 'f@src/bank.ts'],
    ['below packages', stack('get (/app/node_modules/got/index.js:1:2)', 'f (/app/src/a.ts:3:4)'), 'f@src/a.ts'],
    [
      'below Node',
      stack('node:internal/deps/undici/undici:13:1', 'async Promise.all (index 3)', 'f (/app/a.ts:3:4)'),
      'f@app/a.ts',
    ],
    ['nowhere', stack('run (/app/node_modules/x/y.js:1:2)'), ''],
    ['no stack', '', ''],
  ])('is the first frame of the user: %s', (_, text, frame) => {
    expect(topFrame(text)).toBe(frame)
  })

  it('is never in Millrace itself', () => {
    const own = new URL('../../../worker/src/attempt/execute.ts', import.meta.url)
    expect(topFrame(stack(`run (${own.href}:1:2)`, 'f (/app/a.ts:1:1)'))).toBe('f@app/a.ts')
  })
})

describe('a fingerprint', () => {
  const at = (line: number) => `Error\n    at f (/app/src/a.ts:${line}:1)`
  const one = fingerprintOf('mail', 'X', 'user 1', at(1))

  it('is the same when only ids and lines differ', () => {
    expect(fingerprintOf('mail', 'X', 'user 2', at(99)).id).toBe(one.id)
    expect(one.id).toMatch(/^[0-9a-f]{12}$/)
  })

  it.each([
    ['task', fingerprintOf('post', 'X', 'user 1', at(1))],
    ['code', fingerprintOf('mail', 'Y', 'user 1', at(1))],
    ['message', fingerprintOf('mail', 'X', 'no user 1', at(1))],
    ['place', fingerprintOf('mail', 'X', 'user 1', at(1).replace('f (', 'g ('))],
  ])('is another one when the %s is another one', (_, other) => {
    expect(other.id).not.toBe(one.id)
  })
})
