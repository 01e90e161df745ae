import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  importDeadLetters,
  queryDeadLetters,
  readRetention,
  readSummary,
  setRetention,
  sweepOnce,
} from '../../src/index.ts'
import { letterLine } from '../dead-letters/lines.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const DAY = 86_400_000
const log = { warn: () => {}, error: () => {} }
const sweep = (now: number) => sweepOnce({ client: room.client, keys: room.keys, log }, now)
const left = async () => (await queryDeadLetters(room.client, room.keys)).letters.map(({ job }) => job)

describe('retention', () => {
  it('keeps the newest letters of a queue, as many as its rule says', async () => {
    const failedAt = Date.now()
    const add = (name: string, queue: string) => letterLine(name, { queue, failedAt })
    const lines = [add('a', 'one'), add('b', 'one'), add('c', 'two'), add('d', 'one'), add('e', 'two')]
    await importDeadLetters(room.client, room.keys, lines)
    await setRetention(room.client, room.keys, 'one', { count: 2 })
    expect(await readRetention(room.client, room.keys)).toEqual([{ queue: 'one', ageMs: 90 * DAY, count: 2 }])
    expect(await sweep(failedAt)).toMatchObject({ expired: 1 })
    expect(await left()).toEqual(['e', 'd', 'c', 'b'])
    await setRetention(room.client, room.keys, 'one', {})
    expect(await readRetention(room.client, room.keys)).toEqual([])
  })

  it('goes on where the last turn ended, and sees every letter', async () => {
    const failedAt = Date.now()
    await importDeadLetters(
      room.client,
      room.keys,
      Array.from({ length: 6_000 }, (_, i) => letterLine(`j${i}`, { failedAt })),
    )
    await setRetention(room.client, room.keys, 'default', { count: 5_500 })
    expect(await sweep(failedAt)).toMatchObject({ expired: 0 })
    expect(await sweep(failedAt)).toMatchObject({ expired: 500 })
    expect(await sweep(failedAt)).toMatchObject({ expired: 0 })
  })

  it('keeps what was imported as long as if it had failed then, however old it is', async () => {
    const now = Date.now()
    await setRetention(room.client, room.keys, 'default', { ageMs: 30 * DAY })
    await importDeadLetters(room.client, room.keys, [letterLine('a', { failedAt: now - 40 * DAY })], () => now)
    expect(await sweep(now + 30 * DAY)).toMatchObject({ expired: 0 })
    expect(await sweep(now + 30 * DAY + 1)).toMatchObject({ expired: 1 })
    expect(await left()).toEqual([])
  })

  it('keeps a failed workflow as long as one of its jobs can be replayed, and then as long as any other', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), job('b', ['a'])]))
    await room.settled(id)
    const later = Date.now() + 30 * DAY
    expect(await sweep(later)).toMatchObject({ expired: 0, purged: 0 })
    await setRetention(room.client, room.keys, 'default', { ageMs: 29 * DAY })
    expect(await sweep(later)).toMatchObject({ expired: 1, purged: 1 })
    expect(await readSummary(room.client, room.keys, id)).toBeUndefined()
    expect(await room.client.keys(`*${id}*`)).toEqual([])
  })

  it('skips what a workflow held for a letter that is not kept', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), job('b', ['a'])], { onFailure: 'hold' }))
    await room.settled(id)
    await setRetention(room.client, room.keys, 'default', { ageMs: DAY })
    await sweep(Date.now() + 2 * DAY)
    expect(await room.settled(id)).toMatchObject({ state: 'failed', jobs: { dead: 1, skipped: 1 } })
  })
})
