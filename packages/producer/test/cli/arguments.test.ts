import { describe, expect, it } from 'vitest'
import { collectEntry, readCount, readDuration } from '../../src/cli/arguments.ts'

const entry = (text: string) => Object.fromEntries(collectEntry(text))

describe('--set', () => {
  it.each([
    ['day=2026-11-20', { day: '2026-11-20' }],
    ['limit=5', { limit: 5 }],
    ['deep=true', { deep: true }],
    ['regions=["eu","us"]', { regions: ['eu', 'us'] }],
    ['text="5"', { text: '5' }],
    ['query=a=b', { query: 'a=b' }],
    ['empty=', { empty: '' }],
    ['zip=01234', { zip: '01234' }],
  ])('reads %s as JSON when it is JSON, else as text', (text, value) => {
    expect(entry(text)).toEqual(value)
  })

  it('keeps a number as text when it is too long to be exact', () => {
    expect(entry('id=12345678901234567890')).toEqual({ id: '12345678901234567890' })
  })

  it('takes the last of equal names', () => {
    expect(Object.fromEntries(collectEntry('a=2', collectEntry('a=1')))).toEqual({ a: 2 })
  })

  it('treats __proto__ as a name like any other', () => {
    expect(Object.getPrototypeOf(entry('__proto__={"x":1}'))).toBe(Object.prototype)
  })

  it.each(['novalue', '=5', ''])('refuses %j, which has no name or no value', (text) => {
    expect(() => collectEntry(text)).toThrow('Expected name=value')
  })
})

describe('a duration argument', () => {
  it('needs a unit', () => {
    expect(readDuration('1.5h')).toBe(5_400_000)
    for (const text of ['90', 'soon', '-5s', '']) expect(() => readDuration(text)).toThrow('a number with a unit')
  })
})

describe('a count argument', () => {
  it('is a whole number from 1', () => {
    expect(readCount('20')).toBe(20)
    for (const text of ['0', '-1', '1.5', '1e3', 'all', ''])
      expect(() => readCount(text)).toThrow('a whole number from 1')
  })
})
