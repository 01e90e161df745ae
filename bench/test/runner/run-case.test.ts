import { describe, expect, it } from 'vitest'
import { type Case, defineCase } from '../../runner/case.ts'
import type { Ground } from '../../runner/ground.ts'
import { runCase } from '../../runner/run-case.ts'

/** What happens, in order, when a case runs three times. */
async function order(together: boolean): Promise<string[]> {
  const log: string[] = []
  const side = (name: string) => async () => {
    log.push(name)
    return { n: log.length }
  }
  const ground = { room: () => ({}), clear: async () => void log.push('clear') } as unknown as Ground
  const one: Case = {
    ...defineCase({
      name: 'one',
      measures: 'It.',
      rows: { n: { what: 'n', unit: 'ms' } },
      ours: side('ours'),
      raw: side('raw'),
    }),
    ...(together && { together }),
  }
  await runCase(one, ground, { runs: 3, quick: true, say: () => {} })
  return log
}

describe('the two sides of a benchmark', () => {
  it('run in turn, each on an empty Redis, and take turns in beginning', async () => {
    const pairs = [
      ['ours', 'raw'],
      ['raw', 'ours'],
      ['ours', 'raw'],
    ].flat()
    expect(await order(false)).toEqual(pairs.flatMap((side) => ['clear', side]))
  })

  it('run at once where there is nothing but waiting', async () => {
    expect(await order(true)).toEqual(Array.from({ length: 3 }, () => ['clear', 'ours', 'raw']).flat())
  })
})
