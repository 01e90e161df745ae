import { connectBroker, DEAD_LETTERS, ingest, jobId, poolKeys, readSummary, readView } from '@millrace/shared'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { model } from '../packages/shared/test/engine/model.ts'
import { job, plan } from '../packages/shared/test/engine/room.ts'
import { startWorkers } from './workers.ts'

const [LAYERS, WIDTH] = [15, 200]
const [KILL_EVERY_MS, MOST_KILLS] = [350, 100]
const ID = 'chaos'

/** 3,000 jobs in layers, each needing one to three of the layer before; one in two hundred fails for good. */
function layered() {
  let seed = Number(process.env['CHAOS_SEED'] ?? 11)
  const random = (below: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
  const fails = new Set<string>()
  const jobs = Array.from({ length: LAYERS * WIDTH }, (_, index) => {
    const layer = Math.floor(index / WIDTH)
    const needs =
      layer === 0 ? [] : Array.from({ length: 1 + random(3) }, () => `j${(layer - 1) * WIDTH + random(WIDTH)}`)
    const name = `j${index}`
    if (random(200) === 0) fails.add(name)
    return job(name, [...new Set(needs)], {
      task: 'chaos.work',
      when: layer > 0 && random(10) === 0 ? 'always' : 'succeeded',
      with: { ms: random(30), fails: fails.has(name) },
    })
  })
  return { jobs, fails }
}

describe('three workers, one of them killed with kill -9 every 350 ms, and 3,000 jobs some of which fail', () => {
  const keys = poolKeys(freshNamespace())
  const history = `${keys.prefix}/chaos`
  const { jobs, fails } = layered()
  const expected = model(jobs, fails, 'skip')
  let client: Awaited<ReturnType<typeof connectBroker>>
  let seen: string[] = []
  let kills = 0

  beforeAll(async () => {
    client = await connectBroker({ url: brokerUrl(), role: 'worker' })
    const settings = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '500ms', MILLRACE_MAX_STALLS: '100' }
    const workers = startWorkers(
      3,
      { REDIS_URL: brokerUrl(), CHAOS_REDIS: brokerUrl(), CHAOS_HISTORY: history, ...settings },
      ['--namespace', keys.namespace, '--concurrency', '20'],
    )
    const killing = setInterval(() => {
      if (workers.kills < MOST_KILLS) workers.killOne() // then it must be seen to end
    }, KILL_EVERY_MS)
    try {
      await ingest(client, keys, plan(jobs), { id: ID })
      await until(async () => (await readSummary(client, keys, ID))?.finishedAt, 240_000)
    } finally {
      clearInterval(killing)
      kills = workers.kills
      await workers.end()
    }
    seen = await client.lrange(history, 0, -1)
  }, 250_000)
  afterAll(() => client.disconnect())

  it('loses nothing: every job ends as the model says', async () => {
    expect(kills).toBeGreaterThan(5)
    const view = await readView(client, keys, ID)
    expect(Object.fromEntries(view?.jobList.map(({ name, state }) => [name, state]) ?? [])).toEqual(expected)
    expect(view?.state).toBe('failed')
  })

  it('runs no job before its needs are recorded complete', () => {
    // a need that did not succeed has no output to be missed
    const missed = seen.filter((line) => line.startsWith('early') && expected[line.split(' ')[3] ?? ''] === 'succeeded')
    expect(missed).toEqual([])
    expect(seen.some((line) => line.startsWith('early'))).toBe(true) // or the history would not show it
  })

  it('releases nothing twice: a job starts again only after a stall or a failed attempt', async () => {
    const pipeline = client.pipeline()
    for (const { name } of jobs) pipeline.hmget(keys.job('default', jobId(ID, name)), 'ats', 'atm', 'stc')
    const rows = (await pipeline.exec()) ?? []
    const twice = rows.flatMap(([, row], index) => {
      const [started = 0, made = 0, stalled = 0] = (row as (string | null)[]).map(Number)
      return started === made + stalled
        ? []
        : [`${jobs[index]?.name}: started ${started}, made ${made}, stalled ${stalled}`]
    })
    expect(twice).toEqual([])
  })

  it('runs what is skipped never, and everything else', () => {
    const started = new Set(seen.filter((line) => line.startsWith('start')).map((line) => line.slice(6)))
    const ran = jobs.map(({ name }) => name).filter((name) => expected[name] !== 'skipped')
    expect([...started].toSorted()).toEqual(ran.toSorted())
  })

  it('buries exactly the jobs that failed for good', async () => {
    const letters = await client.zrange(keys.queue(DEAD_LETTERS, 'prioritized'), '0', '-1')
    const dead = jobs.map(({ name }) => name).filter((name) => expected[name] === 'dead')
    expect(letters.toSorted()).toEqual(dead.map((name) => `default~${jobId(ID, name)}`).toSorted())
  })
})
