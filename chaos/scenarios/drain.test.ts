import { setTimeout as sleep } from 'node:timers/promises'
import { readSummary } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom } from '../stage/workload.ts'

const DEFAULT_LOCK_MS = 10_000
const WORKFLOWS_AT_ONCE = 2

describe('four workers under load, each ended with SIGTERM and replaced in turn', () => {
  let pool: Pool
  let codes: (number | string)[]
  let stalls: number
  let violations: Violation[]
  const submittedAt = new Map<string, number>()

  /** Half of what the four can do at once: when a workflow ends, another one begins, until it is told to stop. */
  async function keepSubmitting(signal: AbortSignal): Promise<void> {
    const random = openRandom('drain')
    let n = 0
    const loop = async () => {
      while (!signal.aborted) {
        const id = `drain-${++n}`
        const workload = layered({ layers: 3, width: 10, mostMs: 1_500, polite: n % 2 === 0 }, random)
        submittedAt.set(id, await pool.submit(workload, id))
        await until(async () => (await readSummary(pool.client, pool.keys, id))?.finishedAt, 60_000)
      }
    }
    await Promise.all(Array.from({ length: WORKFLOWS_AT_ONCE }, loop))
  }

  beforeAll(async () => {
    pool = await openPool()
    // a stall would take longer than a lock, and bury the job: there must be none
    const settings = { MILLRACE_MAX_STALLS: '0', MILLRACE_DRAIN: '200ms', MILLRACE_GRACE: '200ms' }
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
    violations = await pool.violations({ patience: { ms: DEFAULT_LOCK_MS, submittedAt } })
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
    expect(waits.length).toBeGreaterThan(0)
    expect(Math.max(...waits)).toBeLessThan(DEFAULT_LOCK_MS)
    expect([stalls, codes]).toEqual([0, [0, 0, 0, 0]])
  })
})
