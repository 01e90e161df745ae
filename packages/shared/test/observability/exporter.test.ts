import type { Redis } from 'ioredis'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import {
  cancelWorkflow,
  connectBroker,
  createRegistry,
  type Heartbeat,
  ingest,
  openBreaker,
  type PoolKeys,
  poolExporter,
  poolKeys,
  publishHeartbeat,
  publishResources,
  reconcile,
  replayDeadLetter,
  sweepOnce,
} from '../../src/index.ts'
import { offsetOf } from '../../src/scheduling/number.ts'
import { brokerUrl, freshNamespace, metricValue } from '../../src/testing/index.ts'
import { MENDED } from '../../src/upkeep/mended.ts'
import { LEVELS, type Level } from '../../src/workflow/states.ts'
import { job, openRoom, plan } from '../engine/room.ts'

let client: Redis
let keys: PoolKeys
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
beforeEach(() => {
  keys = poolKeys(freshNamespace())
})
afterAll(() => client.disconnect())

const scrape = (of = keys) => createRegistry([poolExporter(client, of)]).text()
const submit = (id: string, jobs = [job('a')], rest: Parameters<typeof plan>[1] = {}, now = Date.now()) =>
  ingest(client, keys, plan(jobs, rest), { id, now: () => now })

const log = { warn: () => {}, error: () => {} }
const heartbeat = (rest: Partial<Heartbeat>): Heartbeat => ({
  ...{ name: 'w', host: 'h', pid: 1, version: '1', startedAt: 0, queues: ['default'], tasks: [], moves: [], cpu: 0 },
  ...{ loopDelayMs: 0, memory: { share: 0, rssBytes: 1, limitBytes: 2 }, breakers: [], unhealthy: [], succeeded: {} },
  slots: { limit: 4, min: 4, max: 4, active: 1, taking: true },
  ...rest,
})

describe('the exporter', () => {
  it('counts from zero what was mended, for every reason that the sweeper and the reconciler have', async () => {
    const reasons = Object.keys({ ...(await sweepOnce({ client, keys, log })), ...(await reconcile(client, keys)) })
    const routine = ['called', 'purged', 'expired']
    expect(reasons.filter((reason) => !routine.includes(reason)).toSorted()).toEqual(MENDED.toSorted())

    await client.hset(keys.mended, 'vanished', 2)
    const text = await scrape()
    const counts = MENDED.map((reason) => metricValue(text, 'millrace_mended_total', { reason }))
    expect(counts).toEqual(MENDED.map((reason) => (reason === 'vanished' ? 2 : 0)))
  })

  it('tells how many jobs wait for a slot, by level, however long ago they were submitted', async () => {
    const hour = 3_600_000
    const now = Date.now()
    for (const [index, level] of LEVELS.entries()) {
      // what is old has the number of a more urgent level that is new
      for (let n = index; n >= 0; n--) {
        await submit(`${level}-${n}`, [job('a', [], { priority: level })], { priority: level }, now - n * hour)
      }
    }
    const text = await scrape()
    const depths = LEVELS.map((level) => metricValue(text, 'millrace_queue_depth', { queue: 'default', level }))
    expect(depths).toEqual([1, 2, 3, 4, 5])
    const oldest = (level: Level) =>
      metricValue(text, 'millrace_queue_oldest_job_seconds', { queue: 'default', level }) as number
    expect(oldest('background')).toBeGreaterThanOrEqual(4 * 3_600)
    expect(oldest('background')).toBeLessThan(5 * 3_600)
    expect(oldest('critical')).toBeLessThan(3_600)
    expect(metricValue(text, 'millrace_pending_jobs_per_worker')).toBe(15)
  })

  it('goes by the level of a job, where it has another than its workflow', async () => {
    await submit('mixed', [job('a'), job('b', [], { priority: 'low' }), job('c', [], { priority: 'high' })])
    const text = await scrape()
    for (const level of ['high', 'normal', 'low'] as const) {
      expect(metricValue(text, 'millrace_queue_depth', { queue: 'default', level }), level).toBe(1)
    }
  })

  it('does not hold it against a job that its needs took long', async () => {
    await submit('w', [job('a')], {}, Date.now() - 3_600_000)
    await client.hset(keys.job('default', 'w.need'), 'finishedOn', Date.now() - 5_000)
    const data = await client.hget(keys.job('default', 'w.a'), 'data')
    await client.hset(
      keys.job('default', 'w.a'),
      'data',
      String(data).replace('"needs":{}', '"needs":{"need":"default"}'),
    )
    const seconds = metricValue(await scrape(), 'millrace_queue_oldest_job_seconds', {
      queue: 'default',
      level: 'normal',
    })
    expect(seconds).toBeGreaterThanOrEqual(5)
    expect(seconds).toBeLessThan(3_000)
  })

  it('tells what waits for needs, for a time or for room, and how full a queue is', async () => {
    await submit('w', [job('a'), job('b', ['a']), job('c', ['b']), job('d', [], { delayMs: 60_000 })])
    await client.hset(keys.capacities, 'default', 8)
    const text = await scrape()
    const queue = { queue: 'default' }
    expect(metricValue(text, 'millrace_jobs_waiting_for_needs', queue)).toBe(2)
    expect(metricValue(text, 'millrace_jobs_delayed', queue)).toBe(1)
    expect(metricValue(text, 'millrace_jobs_active', queue)).toBe(0)
    expect(metricValue(text, 'millrace_queue_capacity', queue)).toBe(8)
    expect(metricValue(text, 'millrace_queue_capacity_used_ratio', queue)).toBe(0.5)
    expect(metricValue(text, 'millrace_jobs_submitted_total', queue)).toBe(4)
    expect(metricValue(text, 'millrace_workflows', { outcome: 'running' })).toBe(1)
  })

  it('tells of workers: how many, how busy, which unhealthy', async () => {
    await submit('w', [job('a'), job('b'), job('c')])
    await publishHeartbeat(client, keys, 'a', heartbeat({}))
    const unhealthy = [{ task: 'x', since: 1 }]
    const slots = { limit: 4, min: 4, max: 4, active: 4, taking: true }
    await publishHeartbeat(client, keys, 'b', heartbeat({ unhealthy, slots }))
    const text = await scrape()
    expect(metricValue(text, 'millrace_workers')).toBe(2)
    expect(metricValue(text, 'millrace_workers_unhealthy')).toBe(1)
    expect(metricValue(text, 'millrace_pool_slots')).toBe(8)
    expect(metricValue(text, 'millrace_pool_utilization_ratio')).toBe(5 / 8)
    expect(metricValue(text, 'millrace_pending_jobs_per_worker')).toBe(1.5)
  })

  it('tells the state of every breaker once', async () => {
    await publishResources(client, keys, [
      { name: 'calm', breaker: '5 failures in a row', bulkhead: '' },
      { name: 'without', breaker: '', bulkhead: '2 at once' },
    ])
    await openBreaker(client, keys, { name: 'open', openings: 1, halfOpenInMs: 60_000, by: 'w', why: '' }, 'count')
    await openBreaker(client, keys, { name: 'due', openings: 1, halfOpenInMs: 0, by: 'w', why: '' }, 'count')
    const text = await scrape()
    const states = ['calm', 'due', 'open', 'without'].map((resource) =>
      metricValue(text, 'millrace_breaker_state', { resource }),
    )
    expect(states).toEqual([0, 1, 2, undefined])
  })

  it('says that Redis is away, and nothing else', async () => {
    const lost = await connectBroker({ url: brokerUrl(), role: 'worker' })
    lost.disconnect()
    const text = await createRegistry([poolExporter(lost, keys)]).text()
    expect(text.split('\n').filter((line) => line && !line.startsWith('#'))).toEqual(['millrace_redis_up 0'])
  })

  it('looks no more than once a second, however many ask', async () => {
    let now = 0
    const exporter = poolExporter(client, keys, () => now)
    const first = exporter()
    now = 900
    expect(exporter()).toBe(first)
    now = 1_100
    expect(exporter()).not.toBe(first)
    await Promise.all([first, exporter()])
  })
})

describe('the totals of a pool', () => {
  it('count ends of jobs and workflows, however they came about', async () => {
    const room = await openRoom()
    keys = room.keys
    try {
      await room.settled(await room.submit(plan([job('a'), job('b', ['a'])], { deadlineMs: 30_000 })))
      room.failing.add('bad')
      const failed = await room.submit(plan([job('bad'), job('c', ['bad']), job('d', ['c'])]))
      await room.settled(failed)
      const cancelled = await room.submit(plan([job('late', [], { delayMs: 60_000 }), job('e', ['late'])]))
      await cancelWorkflow(client, keys, cancelled)

      const text = await scrape()
      expect(metricValue(text, 'millrace_jobs_submitted_total', { queue: 'default' })).toBe(7)
      expect(metricValue(text, 'millrace_jobs_dead_total', { task: 'work' })).toBe(1)
      expect(metricValue(text, 'millrace_jobs_skipped_total')).toBe(2)
      expect(metricValue(text, 'millrace_jobs_cancelled_total')).toBe(2)
      expect(metricValue(text, 'millrace_dead_letters')).toBe(1)
      for (const outcome of ['succeeded', 'failed', 'cancelled']) {
        expect(metricValue(text, 'millrace_workflows_finished_total', { outcome }), outcome).toBe(1)
      }
      expect(metricValue(text, 'millrace_workflow_duration_seconds_count', { outcome: 'succeeded' })).toBe(1)
      expect(metricValue(text, 'millrace_workflow_slack_seconds_count')).toBe(1)
      expect(metricValue(text, 'millrace_workflow_slack_seconds_bucket', { le: '0' })).toBe(0)
      expect(metricValue(text, 'millrace_workflow_slack_seconds_bucket', { le: '60' })).toBe(1)

      room.failing.clear()
      expect(await replayDeadLetter(client, keys, `default~${failed}.bad`)).toBe('replayed')
      await room.settled(failed)
      const after = await scrape()
      expect(metricValue(after, 'millrace_dead_letters_replayed_total')).toBe(1)
      expect(metricValue(after, 'millrace_dead_letters')).toBe(0)
      expect(metricValue(after, 'millrace_workflows_finished_total', { outcome: 'succeeded' })).toBe(2)
    } finally {
      await room.close()
    }
  })
})

describe('a pool of 500,000 jobs', () => {
  const JOBS = 500_000
  const shares: readonly [Level, number][] = [
    ['high', 0.1],
    ['normal', 0.6],
    ['low', 0.3],
  ]

  it('is looked at in less than 100 ms of Redis, no call longer than 25', { timeout: 60_000 }, async () => {
    const big = await connectBroker({ url: brokerUrl(), role: 'worker' })
    try {
      const epoch = Date.now()
      await client.hset(keys.workflow('big'), 'turn', epoch, 'epoch', epoch, 'state', 'running')
      await client.sadd(keys.queues, 'default')
      let from = 0
      for (const [level, share] of shares) {
        for (const to = from + JOBS * share; from < to; from += 5_000) {
          await client.eval(FILL, 1, keys.queue('default', ''), from, offsetOf(level), epoch)
        }
      }
      const traced = await traceCommands(big, () => createRegistry([poolExporter(big, keys)]).text())
      expect(traced.commands.length).toBeGreaterThan(10)
      expect(Math.max(...traced.commands)).toBeLessThan(25_000)
      expect(traced.commands.reduce((sum, us) => sum + us, 0)).toBeLessThan(100_000)
      for (const [level, share] of shares) {
        const found = metricValue(traced.result, 'millrace_queue_depth', { queue: 'default', level }) as number
        expect(Math.abs(found - JOBS * share) / JOBS, level).toBeLessThan(0.005)
      }
    } finally {
      big.disconnect()
      await client.unlink(keys.queue('default', 'prioritized'))
      for (let from = 0; from < JOBS; from += 5_000) await client.eval(EMPTY, 1, keys.queue('default', ''), from)
    }
  })

  const FILL = `
    for i = ARGV[1], ARGV[1] + 4999 do
      redis.call('HSET', KEYS[1] .. i, 'wf', 'big', 'priority', ARGV[2], 'timestamp', ARGV[3], 'opts', '{}',
        'data', '{"workflow":"big","job":"j","needs":{}}')
      redis.call('ZADD', KEYS[1] .. 'prioritized', ARGV[2] * 0x100000000 + i, i)
    end`
  const EMPTY = `for i = ARGV[1], ARGV[1] + 4999 do redis.call('UNLINK', KEYS[1] .. i) end`

  /** Microseconds that Redis spent on each command of this connection, by its slow log. */
  async function traceCommands<T>(of: Redis, run: () => Promise<T>): Promise<{ result: T; commands: number[] }> {
    const [, before] = (await client.config('GET', 'slowlog-log-slower-than')) as string[]
    const [, length] = (await client.config('GET', 'slowlog-max-len')) as string[]
    const address = /\baddr=(\S+)/.exec(String(await of.client('INFO')))?.[1]
    try {
      await client.config('SET', 'slowlog-max-len', '20000')
      await client.config('SET', 'slowlog-log-slower-than', '0')
      const result = await run()
      await client.config('SET', 'slowlog-log-slower-than', before as string)
      const entries = (await client.slowlog('GET', 20_000)) as [number, number, number, string[], string, string][]
      return { result, commands: entries.filter((entry) => entry[4] === address).map((entry) => entry[2]) }
    } finally {
      await client.config('SET', 'slowlog-log-slower-than', before as string)
      await client.config('SET', 'slowlog-max-len', length as string)
    }
  }
})
