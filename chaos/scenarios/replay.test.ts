import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createProducer, type Producer } from '@millrace/producer'
import { DEAD_LETTERS, jobId } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { startChild } from '../stage/child.ts'
import { openPool } from '../stage/pool.ts'
import type { Fleet } from '../stage/workers.ts'
import { succeeding, work } from '../stage/workload.ts'

const MILLRACE = resolve(import.meta.dirname, '../../packages/producer/bin/millrace.js')
const [LETTERS, RATE, KILL_EVERY_MS, PAUSED_MS] = [20_000, 500, 4_000, 3_000]
const JOBS_PER_WORKFLOW = 2_000

type View = Awaited<ReturnType<Producer['replays']['start']>>

/** A pool in which so many jobs died of a service, and the file that says how broken it is, in percent. */
async function openStage(letters: number, workers: number) {
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'))
  const file = join(folder, 'broken')
  const breakService = (percent: number) => writeFileSync(file, `${percent}`)
  breakService(100)
  const pool = await openPool()
  const producer = await createProducer({ connection: pool.url, namespace: pool.keys.namespace })
  const settings = {
    CHAOS_BROKEN: file,
    MILLRACE_LOCK: '1s',
    MILLRACE_STALLED_EVERY: '300ms',
    MILLRACE_MAX_STALLS: '100',
  }
  const fleet = pool.fleet(workers, { settings, concurrency: 16 })
  await fleet.ready()
  const ids: string[] = []
  for (let from = 0; from < letters; from += JOBS_PER_WORKFLOW) {
    const numbers = Array.from({ length: Math.min(JOBS_PER_WORKFLOW, letters - from) }, (_, index) => from + index)
    const workflow = `replay-${from}`
    const jobs = numbers.map((number) => work(`j${number}`, [], { task: 'chaos.mended', with: { number } }))
    await pool.submit(succeeding(jobs), workflow)
    ids.push(...jobs.map(({ name }) => jobId(workflow, name)))
  }
  await pool.ended(90_000)
  return {
    ...{ pool, producer, fleet, ids, breakService },
    /** Dead letter → its place: another one is another letter. */
    async letters() {
      const flat = await pool.client.zrange(pool.keys.queue(DEAD_LETTERS, 'prioritized'), '0', '-1', 'WITHSCORES')
      return new Map(flat.flatMap((id, index) => (index % 2 === 0 ? [[id, flat[index + 1]] as const] : [])))
    },
    over: (id: string) =>
      until(async () => {
        const view = await producer.replays.get(id)
        return view?.finishedAt === undefined ? undefined : view
      }, 120_000),
    async close() {
      await producer.close()
      await pool.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
type Stage = Awaited<ReturnType<typeof openStage>>

function killOneAfterAnother(fleet: Fleet): { readonly killed: () => number; stop(): void } {
  let killed = 0
  const killing = setInterval(() => {
    if (fleet.signal('SIGKILL')) killed++
  }, KILL_EVERY_MS)
  return { killed: () => killed, stop: () => clearInterval(killing) }
}

describe(`${LETTERS} dead letters replayed at ${RATE}/s, a worker killed with kill -9 every ${KILL_EVERY_MS / 1_000} s`, () => {
  let stage: Stage
  let view: View
  let kills: number
  let seconds: number
  let sentWhilePaused: number
  let violations: Violation[]

  beforeAll(async () => {
    stage = await openStage(LETTERS, 3)
    const { pool, producer, fleet } = stage
    expect((await stage.letters()).size).toBe(LETTERS)
    stage.breakService(0)
    const env = { PATH: process.env['PATH'], REDIS_URL: pool.url, MILLRACE_NAMESPACE: pool.keys.namespace }
    const command = startChild(process.execPath, [MILLRACE, 'dlq', 'replay', '--all', '--rate', `${RATE}/s`], {
      env,
      stdio: 'ignore',
    })
    const { id, startedAt } = await until(async () => (await producer.replays.list())[0], 30_000)
    const killing = killOneAfterAnother(fleet)
    try {
      await sleep(3_000)
      command.kill('SIGKILL')
      await sleep(7_000)

      await producer.replays.pause(id)
      const pausedAt = Date.now()
      await sleep(500) // what was in hand is noted
      const before = (await producer.replays.get(id))?.replayed ?? 0
      await sleep(PAUSED_MS)
      sentWhilePaused = ((await producer.replays.get(id))?.replayed ?? 0) - before
      await producer.replays.resume(id)
      const pausedMs = Date.now() - pausedAt

      await until(async () => (await producer.replays.get(id))?.replayed === LETTERS, 120_000)
      seconds = (Date.now() - startedAt - pausedMs) / 1_000
      view = await stage.over(id)
    } finally {
      killing.stop()
      kills = killing.killed()
    }
    await pool.ended(30_000)
    violations = await pool.violations({ replayed: new Set(stage.ids) })
    console.log(`replay: ${LETTERS} sent in ${seconds.toFixed(1)} s besides the pause, ${kills} workers killed`)
  }, 300_000)
  afterAll(() => stage?.close())

  it('replays each once and loses none', () => {
    expect(violations.slice(0, 20)).toEqual([])
    expect(view).toMatchObject({
      state: 'done',
      total: LETTERS,
      replayed: LETTERS,
      succeeded: LETTERS,
      failed: 0,
      gone: 0,
    })
    expect(kills).toBeGreaterThan(5)
  })

  it('holds its pace within 10 %, the time in which it was paused apart', () => {
    expect(seconds).toBeGreaterThan((LETTERS / RATE) * 0.9)
    expect(seconds).toBeLessThan((LETTERS / RATE) * 1.1)
  })

  it('sends nothing while it is paused', () => {
    expect(sentWhilePaused).toBe(0)
  })
})

describe('a service that is still broken when 2,000 dead letters of it are replayed', () => {
  let stage: Stage
  beforeAll(async () => {
    stage = await openStage(2_000, 2)
  }, 120_000)
  afterAll(() => stage?.close())

  /** How many letters are not those that they were. */
  async function touched(before: ReadonlyMap<string, unknown>): Promise<number> {
    const now = await stage.letters()
    return [...before].filter(([id, place]) => now.get(id) !== place).length
  }

  it('is met by the canary alone: the replay stops after 5, and the rest is not touched', async () => {
    const before = await stage.letters()
    const { id } = await stage.producer.replays.start({ filter: {} }, { ratePerSecond: RATE, canary: 5 })
    const view = await stage.over(id)
    expect(view).toMatchObject({ state: 'stopped', why: 'canary', succeeded: 0 })
    expect(view.replayed).toBeLessThanOrEqual(5)
    await until(async () => (await stage.letters()).size === before.size)
    expect(await touched(before)).toBe(view.replayed)
  })

  it('stops the replay within 2 s of passing the threshold, and the rest is not touched', async () => {
    const before = await stage.letters()
    stage.breakService(30)
    const since = Date.now()
    const started = await stage.producer.replays.start({ filter: {} }, { ratePerSecond: 100, stopIf: 'failed>10%' })
    const view = await stage.over(started.id)
    expect(view).toMatchObject({ state: 'stopped', why: 'failures' })
    const ends = stage.pool.history().filter(({ kind, at }) => kind !== 'started' && at >= since)
    const passed = ends.findIndex((_, index) => {
      const soFar = ends.slice(0, index + 1)
      return soFar.length >= 10 && soFar.filter(({ kind }) => kind === 'threw').length / soFar.length > 0.1
    })
    const passedAt = ends[passed]?.at ?? Number.NaN
    const afterMs = (view.finishedAt as number) - passedAt
    console.log(`replay: stopped ${afterMs} ms after it had passed its threshold, ${view.left} left of ${view.total}`)
    expect(afterMs).toBeLessThan(2_000)
    expect(view.left).toBeGreaterThan(1_000)
    await until(async () => {
      const { replayed = 0, succeeded = 0, failed = 0 } = (await stage.producer.replays.get(started.id)) ?? {}
      return replayed === succeeded + failed
    })
    expect(await touched(before)).toBe(view.total - view.left)
  })
})
