import { type DeadLetter, type PlannedJob, scanDeadLetters } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom, work } from '../stage/workload.ts'

let pool: Pool
beforeEach(async () => {
  pool = await openPool()
})
afterEach(() => pool.close())

/** Runs a job of a bad task, and a hundred good ones that must all succeed. Gives the dead letters. */
async function beside(task: string, rest: Partial<PlannedJob> = {}): Promise<DeadLetter[]> {
  const bad = work('bad', [], { task: `bad.${task}`, with: undefined, ...rest })
  await pool.submit({ jobs: [bad], ends: { bad: 'dead' } }, 'bad')
  await pool.submit(layered({ layers: 10, width: 10, mostMs: 300, failsOneIn: 0 }, openRandom(task)), 'good')
  await pool.ended(60_000)
  expect(await pool.violations()).toEqual([])
  return Array.fromAsync(scanDeadLetters(pool.client, pool.keys))
}

describe('a handler that', () => {
  it.each([
    ['ignores its signal', 'deaf', 'MILLRACE_TASK_TIMEOUT'],
    ['calls process.exit', 'exiting', 'MILLRACE_TASK_EXITED'],
    ['throws outside of its promise', 'astray', 'MILLRACE_TASK_ASTRAY'],
    ['is isolated and blocks its event loop', 'apart.blocking', 'MILLRACE_ISOLATE_BLOCKED'],
    ['is isolated and leaks memory', 'apart.leaking', 'MILLRACE_ISOLATE_MEMORY'],
    ['is isolated and is killed with its process', 'apart.dying', 'MILLRACE_ISOLATE_MEMORY'],
    ['is isolated and calls process.exit', 'apart.exiting', 'MILLRACE_ISOLATE_EXITED'],
  ])(
    '%s is buried under its own code; no worker ends, and its neighbours in the worker go on',
    async (_, task, code) => {
      const fleet = pool.fleet(2)
      await fleet.ready()
      expect(await beside(task)).toMatchObject([{ job: 'bad', code, attempts: 2 }])
      expect(fleet.ended).toEqual([])
    },
  )

  it.each([
    ['leaks memory until its process dies', 'leaking', 'SIGABRT'],
    ['is killed with its process', 'dying', 'SIGKILL'],
  ])(
    '%s takes two workers with it and not a third; the pool goes on',
    async (_, task, death) => {
      const settings = { MILLRACE_LOCK: '2s', NODE_OPTIONS: '--max-old-space-size=100' }
      const [rough, fleet] = [pool.fleet(2, { settings, queues: 'rough' }), pool.fleet(2)]
      await Promise.all([rough.ready(), fleet.ready()])
      expect(await beside(task, { queue: 'rough' })).toMatchObject([{ job: 'bad', code: 'MILLRACE_STALLED' }])
      expect(rough.ended.map(({ code }) => code)).toEqual([death, death])
      expect(new Set(rough.ended.map(({ pid }) => pid))).toEqual(new Set(pool.history().flatMap(ofBad)))
      expect(fleet.ended).toEqual([])
      await rough.ready() // whoever supervises them has started others
    },
    60_000,
  )

  it('blocks the event loop for 10 s loses its job to another worker, and is buried; no worker ends', async () => {
    const settings = { MILLRACE_LOCK: '3s' }
    const [rough, fleet] = [pool.fleet(2, { settings, queues: 'rough' }), pool.fleet(2)]
    await Promise.all([rough.ready(), fleet.ready()])
    expect(await beside('blocking', { queue: 'rough' })).toMatchObject([{ job: 'bad', code: 'MILLRACE_STALLED' }])
    expect(new Set(pool.history().flatMap(ofBad)).size).toBe(2)
    expect([...rough.ended, ...fleet.ended]).toEqual([])
  }, 60_000)
})

const ofBad = ({ job, pid }: { readonly job: string; readonly pid: number }) => (job === 'bad.bad' ? [pid] : [])
