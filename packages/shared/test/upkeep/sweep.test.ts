import { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  DEAD_LETTERS,
  importDeadLetters,
  ingest,
  queryDeadLetters,
  readSummary,
  sweepOnce,
  sweepPool,
} from '../../src/index.ts'
import { until } from '../../src/testing/index.ts'
import { letterLine } from '../dead-letters/lines.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const sweep = (now: number, keepMs?: number) =>
  sweepOnce(
    {
      client: room.client,
      keys: room.keys,
      log: { warn: () => {}, error: () => {} },
      ...(keepMs !== undefined && { keepMs }),
    },
    now,
  )

describe('a sweep', () => {
  it('cancels a workflow that has not ended by its deadline, and no other', async () => {
    const slow = plan([job('a', [], { delayMs: 600_000 })], { deadlineMs: 60_000 })
    const quick = plan([job('a')], { deadlineMs: 60_000 })
    const [late, done] = [await room.submit(slow), await room.submit(quick)]
    await room.settled(done)
    expect(await sweep(Date.now() + 50_000)).toMatchObject({ late: 0 })
    expect(await sweep(Date.now() + 61_000)).toMatchObject({ late: 1 })
    expect(await readSummary(room.client, room.keys, late)).toMatchObject({
      state: 'cancelled',
      jobs: { cancelled: 1 },
    })
    expect(await readSummary(room.client, room.keys, done)).toMatchObject({ state: 'succeeded' })
    expect(await sweep(Date.now() + 62_000)).toMatchObject({ late: 0 })
  })

  it('removes what succeeded long enough ago, to the last key, and keeps what failed', async () => {
    room.failing.add('dies')
    const kept = await room.submit(plan([job('dies')]), 'kept')
    const old = await room.submit(plan([job('a'), job('b', ['a']), job('c', ['a', 'b'])]), 'old')
    await Promise.all([room.settled(kept), room.settled(old)])
    expect(await sweep(Date.now() + 1_000, 60_000)).toMatchObject({ purged: 0 })
    expect(await sweep(Date.now() + 61_000, 60_000)).toMatchObject({ purged: 1 })
    expect(await room.client.keys(`${room.keys.prefix}*old*`)).toEqual([])
    expect(await readSummary(room.client, room.keys, kept)).toMatchObject({ state: 'failed' })
  })
})

describe('the sweeper of a pool', () => {
  const started: { stop(): Promise<void> }[] = []
  const start = () => {
    const log = { warn: () => {}, error: () => {} }
    const sweeper = sweepPool({ client: room.client, keys: room.keys, log, everyMs: 20, reconcileEvery: 2 })
    started.push(sweeper)
    return sweeper
  }
  afterEach(async () => void (await Promise.all(started.splice(0).map((sweeper) => sweeper.stop()))))

  it('mends what waits for ever, and letters that no look would find, even if as many briefs are too many as are missing', async () => {
    await importDeadLetters(
      room.client,
      room.keys,
      ['a', 'b', 'c'].map((name) => letterLine(name, { failedAt: Date.now() })),
    )
    await room.client.zremrangebyrank(room.keys.briefs, 0, 0)
    const queue = new Queue(DEAD_LETTERS, { connection: room.client, prefix: room.keys.prefix })
    await queue.remove('default~nightly-1.b')
    await queue.close()
    const stuck = plan([job('a', [], { queue: 'nobody' }), job('b', ['a'], { queue: 'nobody' })])
    await ingest(room.client, room.keys, stuck, { id: 'stuck' })
    await room.client.del(`${room.keys.job('nobody', 'stuck.b')}:dependencies`)
    start()
    await until(async () => (await readSummary(room.client, room.keys, 'stuck'))?.jobs.waiting === 0)
    await until(async () => (await queryDeadLetters(room.client, room.keys, {})).letters.length === 2)
    expect(await room.client.zcard(room.keys.briefs)).toBe(2)
  })

  it('is one at a time, and another one goes on when it has gone', async () => {
    const [first, second] = [start(), start()]
    const holder = () => room.client.get(room.keys.sweeperLease)
    const one = await until(holder)
    await first.stop()
    await second.stop()
    start() // neither gave the lease back: it ends by itself
    await until(async () => ![one, null].includes(await holder()))
  })
})
