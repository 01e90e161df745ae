import { describe, expect, it } from 'vitest'
import { CASES } from '../../cases/index.ts'
import type { Case } from '../../runner/case.ts'
import { openTestRoom } from '../room.ts'

const named = (name: string) => CASES.find((one) => one.name === name) as Case

describe('a benchmark', () => {
  it('has a name of its own, and says in one sentence what it measures', () => {
    expect(new Set(CASES.map(({ name }) => name)).size).toBe(CASES.length)
    expect(CASES.filter(({ measures }) => !/^[A-Z0-9].*\.$/.test(measures)).map(({ name }) => name)).toEqual([])
  })

  // the smallest with a worker process, and with a tree of BullMQ's own
  it.each(['chain', 'submit-many'])('%s does the same work on both sides', async (name) => {
    using room = openTestRoom()
    const one = named(name)
    for (const sample of [await one.ours(room), await one.raw(room)]) {
      expect(Object.keys(sample)).toEqual(Object.keys(one.rows))
      expect(Object.values(sample).every((figure) => figure > 0)).toBe(true)
    }
  })
})
