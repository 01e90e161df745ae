import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DEFAULT_LIMITS } from '../../../src/index.ts'
import { hasDuplicateKeys } from '../../../src/workflow/reading/json-keys.ts'
import { jsonBytes, readJson } from '../../../src/workflow/reading/json-value.ts'

const json = fc.jsonValue().filter((value) => !JSON.stringify(value).includes('__proto__'))
const size = (value: unknown) => Buffer.byteLength(JSON.stringify(value))

describe('a JSON value', () => {
  it('is copied as it is, and its size is that of its text', () => {
    fc.assert(
      fc.property(json, (value) => {
        const reading = readJson(value, DEFAULT_LIMITS)
        expect(reading).toEqual({
          value: JSON.parse(JSON.stringify(value)),
          bytes: size(JSON.parse(JSON.stringify(value))),
          findings: [],
        })
        expect(jsonBytes(reading.value)).toBe(reading.bytes)
      }),
    )
  })

  it('is measured in no time, however often its parts are shared', () => {
    let value: unknown = 'x'
    for (let level = 0; level < 60; level++) value = [value, value]
    expect(readJson(value, DEFAULT_LIMITS).bytes).toBeGreaterThan(1e18)
  })

  it('stays too deep when its deep part was met before in a shallow place', () => {
    let deep: unknown = 0
    for (let level = 0; level < 60; level++) deep = [deep]
    let far = deep
    for (let level = 0; level < 60; level++) far = [far]
    expect(readJson({ deep, far }, DEFAULT_LIMITS).findings).toHaveLength(1)
  })
})

describe('a field that is named twice in JSON', () => {
  it.each([
    ['{"a":1,"a":2}', true],
    ['{"a":{"b":1, "b" : 2}}', true],
    ['[{"a":1},{"a":1}]', false],
    ['{"a":"\\"b\\":", "b\\"": ["a", "b"], "\\\\":1}', false],
    ['{"\\u0061":1,"a":2}', true],
    ['{"__proto__":1}', false],
  ])('is noticed: %s', (text, expected) => {
    expect(hasDuplicateKeys(text, JSON.parse(text))).toBe(expected)
  })

  it('is never seen where there is none', () => {
    fc.assert(
      fc.property(
        fc.json(),
        (text) => void expect(hasDuplicateKeys(JSON.stringify(JSON.parse(text)), JSON.parse(text))).toBe(false),
      ),
    )
  })
})
