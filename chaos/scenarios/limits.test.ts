import { readLots } from '@millrace/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { begun } from '../history/begun.ts'
import type { Entry } from '../history/entry.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { openRandom, succeeding, work } from '../stage/workload.ts'
import { LIMITS } from '../tasks/limited.ts'

const [JOBS, KILL_EVERY_MS, MOST_KILLS, PER_MS] = [300, 500, 20, 500]
/**
 * A handler notes its beginning a moment after Redis let it through, on a busy machine a longer one. What remains of the time
 * is enough to tell: without a limit, four at once begin 24 in it.
 */
const SEEN_LATE_MS = 200

/** The most attempts that were at work at the same time; those of a killed worker end with it. */
function mostAtOnce(history: readonly Entry[], killedAt: ReadonlyMap<number, number>): number {
  const changes = begun(history).flatMap(({ job, token, pid, at }) => {
    const end = history.find((one) => one.kind === 'returned' && one.job === job && one.token === token)
    return [[at, 1] as const, [end?.at ?? killedAt.get(pid) ?? Number.POSITIVE_INFINITY, -1] as const]
  })
  let [running, most] = [0, 0]
  // at the same millisecond, ends come first
  for (const [, change] of changes.toSorted(([a, by], [b, other]) => a - b || by - other)) {
    running += change
    most = Math.max(most, running)
  }
  return most
}

function densest(history: readonly Entry[], perMs: number): number {
  const times = begun(history).map(({ at }) => at)
  return Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + perMs).length))
}

describe('a task with a limit and a concurrency on three workers, one of them killed with kill -9 every 500 ms', () => {
  const killedAt = new Map<number, number>()
  let pool: Pool
  let history: readonly Entry[]
  let violations: Violation[]

  beforeAll(async () => {
    pool = await openPool()
    const random = openRandom('limits')
    const settings = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '300ms', MILLRACE_MAX_STALLS: '100' }
    const fleet = pool.fleet(3, { settings, concurrency: 20 })
    await fleet.ready()
    const killing = setInterval(() => {
      if (killedAt.size >= MOST_KILLS) return
      const killed = fleet.signal('SIGKILL')
      if (killed) killedAt.set(killed.pid, Date.now())
    }, KILL_EVERY_MS)
    try {
      const names = Array.from({ length: JOBS }, (_, index) => `j${index}`)
      const jobs = names.map((name) => work(name, [], { task: 'chaos.limited', with: { ms: random(100) } }))
      await pool.submit(succeeding(jobs), 'limits')
      await pool.ended(120_000)
    } finally {
      clearInterval(killing)
      await fleet.end()
    }
    history = pool.history()
    violations = await pool.violations()
    const parkings = [...(await pool.recorded()).jobs.values()].map((job) => job.parkings).toSorted((a, b) => a - b)
    console.log(`limits: a job was put aside ${parkings[JOBS / 2]} times (median), at most ${parkings.at(-1)}`)
  }, 150_000)
  afterAll(() => pool?.close())

  it('is never run more often at once than it may, and as often as it may', () => {
    expect(killedAt.size).toBeGreaterThan(3)
    expect(mostAtOnce(history, killedAt)).toBe(LIMITS.concurrency)
  })

  it('never begins more often than it may', () => {
    expect(densest(history, PER_MS - SEEN_LATE_MS)).toBeLessThanOrEqual(LIMITS.limit.max)
  })

  it('loses no job, and leaves none behind in a lot', async () => {
    expect(violations).toEqual([])
    expect(await readLots(pool.client, pool.keys)).toEqual([])
  })
})
