import { describe, expect, it } from 'vitest'
import {
  HISTORY_MS,
  MAX_BOOST_MS,
  MAX_LATE_MS,
  OFFSET_MS,
  offsetOf,
  QUANTUM_MS,
  REBASE_AFTER_MS,
  TURN_MS,
} from '../../src/scheduling/number.ts'
import { LEVELS } from '../../src/workflow/states.ts'

const steps = LEVELS.slice(1).map((level, index) => OFFSET_MS[level] - OFFSET_MS[LEVELS[index]!])
const LAST_NUMBER = 2_097_151

describe('the numbers', () => {
  it('leave boosts, and the turns of 100,000 waiting jobs, within one step between levels', () => {
    expect(Math.min(...steps)).toBeGreaterThan(MAX_BOOST_MS + 100_000 * TURN_MS)
    expect(Math.min(...steps)).toBeGreaterThan(MAX_BOOST_MS + MAX_LATE_MS)
  })

  it('never reach 0, which BullMQ runs before every queue', () => {
    expect(offsetOf('critical') - (MAX_BOOST_MS + MAX_LATE_MS) / QUANTUM_MS).toBeGreaterThan(0)
  })

  it('last until the epoch moves, and for a backlog of a million jobs beyond', () => {
    const last = offsetOf('background') + REBASE_AFTER_MS / QUANTUM_MS
    expect(last + (1_000_000 * TURN_MS) / QUANTUM_MS).toBeLessThan(LAST_NUMBER)
    expect(REBASE_AFTER_MS).toBeGreaterThan(HISTORY_MS)
  })

  it('are whole', () => {
    expect(LEVELS.map(offsetOf).every(Number.isInteger)).toBe(true)
  })
})
