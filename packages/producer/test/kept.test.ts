import { describe, expect, it } from 'vitest'
import { keep } from '../src/kept.ts'

describe('an answer that is kept', () => {
  it('is asked for once in its time, also by those who ask at once', async () => {
    let [now, asked] = [0, 0]
    const kept = keep(
      async () => ++asked,
      1_000,
      () => now,
    )
    expect(await Promise.all([kept.get(), kept.get()])).toEqual([1, 1])
    now = 999
    expect(await kept.get()).toBe(1)
    now = 1_000
    expect(await kept.get()).toBe(2)
  })

  it('is asked for anew on demand', async () => {
    let asked = 0
    const kept = keep(
      async () => ++asked,
      1_000,
      () => 0,
    )
    expect([await kept.get(), await kept.fresh(), await kept.get()]).toEqual([1, 2, 2])
  })

  it('is forgotten when the question failed', async () => {
    let asked = 0
    const ask = async () => {
      if (++asked === 1) throw new Error('no broker')
      return asked
    }
    const kept = keep(ask, 1_000, () => 0)
    await expect(kept.get()).rejects.toThrow('no broker')
    expect(await kept.get()).toBe(2)
  })
})
