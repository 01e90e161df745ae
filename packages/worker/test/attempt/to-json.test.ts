import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toJson } from '../../src/attempt/to-json.ts'

const cycle: Record<string, unknown> = { name: 'a' }
cycle['self'] = { again: cycle }
let deep: unknown = 1
for (let level = 0; level < 101; level++) deep = [deep]

describe('an output', () => {
  it.each([
    ['nothing', undefined, null],
    ['a date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['a property that is undefined', { a: 1, b: undefined }, { a: 1 }],
    ['a hole in a list', [1, undefined, 3], [1, null, 3]],
    ['the same object twice, side by side', [cycle['name'], cycle['name']], ['a', 'a']],
    [
      'an instance of a class',
      new (class Point {
        x = 1
      })(),
      { x: 1 },
    ],
    ['minus zero', -0, -0],
  ])('may be %s', (_, value, json) => {
    expect(toJson(value)).toEqual({ ok: true, value: json })
  })

  it('keeps a property called __proto__ a property', () => {
    const result = toJson(JSON.parse('{"__proto__":{"admin":true}}'))
    expect(JSON.stringify(result.ok && result.value)).toBe('{"__proto__":{"admin":true}}')
  })

  it.each([
    ['a function', { done: () => {} }, 'output.done: a function'],
    ['a symbol', [Symbol('x')], 'output[0]: a symbol'],
    ['a bigint', { big: 1n }, 'output.big: a bigint; convert it to a string or a number'],
    ['NaN', { mean: Number.NaN }, 'output.mean: NaN is no JSON number'],
    ['infinity', [-Infinity], 'output[0]: -Infinity is no JSON number'],
    ['a cycle', cycle, 'output.self.again: refers to something that contains it'],
    ['a map', { 'by name': new Map() }, 'output["by name"]: a Map; convert it to an array or an object'],
    ['an error', new Error('x'), 'output: an Error; throw it, or return its message'],
    ['a promise', { later: Promise.resolve(1) }, 'output.later: a Promise; await it'],
    ['binary data', Buffer.from('x'), 'output: binary data; encode it, or store it and return its address'],
    ['an invalid date', [new Date(Number.NaN)], 'output[0]: an invalid Date'],
    ['too many levels', deep, `output${'[0]'.repeat(100)}: more than 100 levels deep`],
  ])('is refused when it is or holds %s, and the place is named', (_, value, problem) => {
    expect(toJson(value)).toEqual({ ok: false, problems: [problem] })
  })

  it('is refused with all that is wrong, up to 20 places', () => {
    expect(toJson([1n, { a: Number.NaN, b: 1 }])).toMatchObject({
      problems: [/bigint/, /NaN/].map((p) => expect.stringMatching(p)),
    })
    expect(toJson(Array.from({ length: 1_000 }, () => 1n))).toMatchObject({ problems: { length: 20 } })
  })

  it('becomes exactly what JSON makes of it', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 6 }), (value) => {
        const result = toJson(value)
        expect(JSON.stringify(result.ok && result.value)).toBe(JSON.stringify(value))
      }),
    )
  })
})
