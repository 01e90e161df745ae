import { describe, expect, it } from 'vitest'
import { agoText, durationText, momentText } from '../../../src/cli/output/time.ts'

const SECOND = 1_000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

describe('a duration', () => {
  it.each([
    [0, '0 ms'],
    [0.4, '0 ms'],
    [999, '999 ms'],
    [999.6, '1.0 s'],
    [4_210, '4.2 s'],
    [59_949, '59.9 s'],
    [59_960, '1 min 00 s'],
    [3 * MINUTE + 5 * SECOND, '3 min 05 s'],
    [HOUR - 1, '1 h 00 min'],
    [2 * HOUR + 5 * MINUTE, '2 h 05 min'],
    [DAY - 1, '1 d 00 h'],
    [3 * DAY + 4 * HOUR, '3 d 04 h'],
  ])('of %d ms reads "%s"', (ms, text) => {
    expect(durationText(ms)).toBe(text)
  })
})

describe('a moment', () => {
  const noon = new Date(2026, 10, 21, 12, 0, 0).getTime()

  it.each([
    [500, 'just now'],
    [59 * SECOND, '59 s ago'],
    [90 * SECOND, '1 min ago'],
    [5 * HOUR, '5 h ago'],
    [50 * HOUR, '2 d ago'],
    [-5 * MINUTE, 'in 5 min'],
  ])('%d ms ago reads "%s"', (ms, text) => {
    expect(agoText(noon - ms, noon)).toBe(text)
  })

  it('of today is a local time of day and how long ago', () => {
    expect(momentText(noon - 3 * MINUTE, noon)).toBe('11:57:00 (3 min ago)')
  })

  it('of another day has the date too', () => {
    expect(momentText(noon - DAY, noon)).toBe('2026-11-20 12:00:00 (1 d ago)')
  })
})
