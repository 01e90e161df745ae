import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { readSummary, sweepOnce } from '../../src/index.ts'
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
