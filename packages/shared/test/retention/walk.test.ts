import { describe, expect, it } from 'vitest'
import { expired } from '../../src/retention/walk.ts'

const letter = (id: string, since: number, queue = 'q') => ({ id, queue, since })
const rules = new Map([['q', { ageMs: 100, count: 2 }]])

describe('what is not kept', () => {
  it('is older than its queue keeps', () => {
    const { ids, met } = expired([letter('new', 900), letter('old', 899)], {}, rules, 1_000)
    expect({ ids, met }).toEqual({ ids: ['old'], met: { q: 1 } })
  })

  it('is more than its queue keeps, counted over the parts of a walk', () => {
    const first = expired([letter('a', 999), letter('b', 998, 'other')], {}, rules, 1_000)
    const second = expired([letter('c', 997), letter('d', 996), letter('e', 995, 'other')], first.met, rules, 1_000)
    expect([first.ids, second.ids]).toEqual([[], ['d']])
    expect(second.met).toEqual({ q: 2, other: 2 })
  })

  it('follows the default where a queue has no rule', () => {
    const day = 86_400_000
    const letters = [letter('young', 11 * day, 'x'), letter('old', 9 * day, 'x')]
    expect(expired(letters, {}, rules, 100 * day).ids).toEqual(['old'])
  })
})
