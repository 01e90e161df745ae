import { setTimeout as sleep } from 'node:timers/promises'
import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom } from '../stage/workload.ts'

const LOCK_MS = 3_000
const SUBMIT_EVERY_MS = 400

describe('four workers under load, each ended with SIGTERM and replaced in turn', () => {
  let pool: Pool
  let codes: (number | string)[]
  let stalls: number
  let violations: Violation[]
  const submittedAt = new Map<string, number>()

  /** Half of what the four can do, again and again, until it is told to stop. */
  async function keepSubmitting(signal: AbortSignal): Promise<void> {
    const random = openRandom('drain')
    for (let n = 1; !signal.aborted; n++) {
      const at = await pool.submit(
        layered({ layers: 3, width: 10, mostMs: 700, polite: n % 2 === 0 }, random),
        `drain-${n}`,
      )
      submittedAt.set(`drain-${n}`, at)
      await sleep(SUBMIT_EVERY_MS)
    }
  }

  beforeAll(async () => {
    pool = await openPool()
    // a stall would take longer than a lock, and bury the job: there must be none
    const settings = {
      MILLRACE_LOCK: `${LOCK_MS}ms`,
      MILLRACE_MAX_STALLS: '0',
      MILLRACE_DRAIN: '200ms',
      MILLRACE_GRACE: '200ms',
    }
    const fleet = pool.fleet(4, { settings })
    await fleet.ready()
    const enough = new AbortController()
    const submitting = keepSubmitting(enough.signal)
    for (const { pid } of [...fleet.workers]) {
      await sleep(500)
      process.kill(pid, 'SIGTERM')
      await until(() => fleet.ended.some((one) => one.pid === pid))
      await fleet.ready()
    }
    enough.abort()
    await submitting
    await pool.ended(30_000)
    codes = fleet.ended.map(({ code }) => code)
    violations = await pool.violations({ patience: { ms: LOCK_MS, submittedAt } })
    stalls = [...(await pool.recorded()).jobs.values()].reduce((sum, job) => sum + job.stalls, 0)
    await fleet.end()
  }, 120_000)
  afterAll(() => pool?.close())

  it('lose nothing, and delay no job by more than its lock time', () => {
    expect(violations).toEqual([])
  })

  it('hand back what they could not finish, so that no job waits until its lock expires', () => {
    const entries = pool.history()
    const waits = entries.flatMap(({ kind, job, at, code }) => {
      const again = entries.find((next) => next.kind === 'started' && next.job === job && next.at >= at)
      return kind === 'aborted' && code === 'MILLRACE_DRAINED' && again ? [again.at - at] : []
    })
    console.log(`drain: ${waits.length} jobs handed back; the longest began again after ${Math.max(...waits)} ms`)
    expect(waits.length).toBeGreaterThan(3)
    expect(Math.max(...waits)).toBeLessThan(LOCK_MS)
    expect([stalls, codes]).toEqual([0, [0, 0, 0, 0]])
  })
})
