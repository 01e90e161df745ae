import { scanDeadLetters } from '@millrace/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import type { Entry } from '../history/entry.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom, work } from '../stage/workload.ts'

describe('a job that kills every worker that runs it', () => {
  let pool: Pool
  let starts: Entry[]
  let codes: (number | string)[]
  let violations: Violation[]

  beforeAll(async () => {
    pool = await openPool()
    const settings = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '300ms' }
    const fleet = pool.fleet(3, { settings })
    await fleet.ready()
    const { jobs, ends } = layered({ layers: 5, width: 30, mostMs: 500, failsOneIn: 0 }, openRandom('poison'))
    const poison = work('poison', [], { task: 'chaos.poison', with: undefined })
    await pool.submit({ jobs: [...jobs, poison], ends: { ...ends, poison: 'dead' } }, 'poison')
    await pool.ended(60_000)
    starts = pool.history().filter(({ kind, job }) => kind === 'started' && job === 'poison.poison')
    codes = fleet.ended.map(({ code }) => code)
    violations = await pool.violations()
  }, 90_000)
  afterAll(() => pool?.close())

  it('kills two and not a third, and is buried', async () => {
    expect(new Set(starts.map(({ pid }) => pid)).size).toBe(2)
    expect(codes).toEqual(['SIGKILL', 'SIGKILL'])
    const letters = await Array.fromAsync(scanDeadLetters(pool.client, pool.keys))
    expect(letters).toMatchObject([{ job: 'poison', code: 'MILLRACE_STALLED' }])
  })

  it('takes no other job with it', () => {
    expect(violations).toEqual([])
  })
})
