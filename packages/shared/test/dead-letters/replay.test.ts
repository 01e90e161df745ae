import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  cancelWorkflow,
  discardDeadLetters,
  readDeadLetter,
  readSummary,
  replayDeadLetter,
  scanDeadLetters,
} from '../../src/index.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

describe('a dead letter', () => {
  it('tells what failed, with which input, where, when and why', async () => {
    room.failing.add('charge')
    const input = { amount: 12, tags: [], card: 'é\n"' }
    const id = await room.submit(plan([job('charge', [], { task: 'card.charge', with: input })], { name: 'checkout' }))
    await room.settled(id)
    const letter = await readDeadLetter(room.client, room.keys, `default~${id}.charge`)
    expect(letter).toMatchObject({
      queue: 'default',
      task: 'card.charge',
      workflow: { id, name: 'checkout' },
      job: 'charge',
      input,
      code: 'MILLRACE_TASK_FAILED',
      message: 'charge fails',
      attempts: 1,
    })
    expect(letter?.stack).toContain('UnrecoverableError: charge fails')
    expect(letter?.failedAt).toBeGreaterThanOrEqual(letter?.startedAt ?? Number.POSITIVE_INFINITY)
  })

  it('is found by task, queue, workflow, code and age', async () => {
    room.failing.add('a').add('b')
    const id = await room.submit(plan([job('a', [], { task: 'one' }), job('b', [], { task: 'two' })]))
    await room.settled(id)
    const count = async (filter: Parameters<typeof scanDeadLetters>[2], now?: number) =>
      (await Array.fromAsync(scanDeadLetters(room.client, room.keys, filter, now))).length
    expect(await count({})).toBe(2)
    expect(await count({ task: 'one' })).toBe(1)
    expect(await count({ queue: 'elsewhere' })).toBe(0)
    expect(await count({ workflow: id })).toBe(2)
    expect(await count({ code: 'MILLRACE_STALLED' })).toBe(0)
    expect(await count({ olderThanMs: 60_000 })).toBe(0)
    expect(await count({ olderThanMs: 60_000 }, Date.now() + 61_000)).toBe(2)
    expect(await count({ newerThanMs: 60_000 })).toBe(2)
  })
})

describe('replaying', () => {
  it('runs the job again with fresh attempts and un-skips what its failure had skipped', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), job('b', ['a']), job('c', ['b']), job('other')]))
    expect(await room.settled(id)).toMatchObject({ state: 'failed', jobs: { dead: 1, skipped: 2, succeeded: 1 } })
    room.failing.clear()
    expect(await replayDeadLetter(room.client, room.keys, `default~${id}.a`)).toBe('replayed')
    expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: 4 } })
    expect(await readDeadLetter(room.client, room.keys, `default~${id}.a`)).toBeUndefined()
    expect(room.started.filter((name) => name === 'other')).toHaveLength(1)
  })

  it('twenty times at once replays once', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), ...Array.from({ length: 40 }, (_, i) => job(`b${i}`, ['a']))]))
    await room.settled(id)
    room.failing.clear()
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => replayDeadLetter(room.client, room.keys, `default~${id}.a`)),
    )
    expect(outcomes.filter((outcome) => outcome === 'replayed')).toHaveLength(1)
    expect(outcomes.filter((outcome) => outcome === 'gone')).toHaveLength(19)
    expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: 41 } })
    expect(room.started.filter((name) => name === 'a')).toHaveLength(2)
  })

  it('re-arms thousands of skipped jobs, page by page', async () => {
    room.failing.add('a')
    const wide = Array.from({ length: 1_300 }, (_, i) => job(`b${i}`, ['a']))
    const id = await room.submit(
      plan([
        job('a'),
        ...wide,
        job(
          'end',
          wide.map(({ name }) => name),
        ),
      ]),
    )
    expect(await room.settled(id)).toMatchObject({ state: 'failed', jobs: { skipped: 1_301 } })
    room.failing.clear()
    expect(await replayDeadLetter(room.client, room.keys, `default~${id}.a`)).toBe('replayed')
    expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: 1_302 } })
    expect(room.early).toEqual([])
  })

  it('buries again what fails again', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), job('b', ['a'])]))
    await room.settled(id)
    await replayDeadLetter(room.client, room.keys, `default~${id}.a`)
    await expect.poll(() => room.started.filter((name) => name === 'a').length).toBe(2)
    expect(await room.settled(id)).toMatchObject({ state: 'failed', jobs: { dead: 1, skipped: 1 } })
    expect(await readDeadLetter(room.client, room.keys, `default~${id}.a`)).toBeDefined()
  })

  it('is refused for a cancelled workflow, and knows nothing of letters that are gone', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), job('b', [], { delayMs: 60_000 })]))
    await expect.poll(async () => (await readSummary(room.client, room.keys, id))?.jobs.dead).toBe(1)
    await cancelWorkflow(room.client, room.keys, id)
    expect(await replayDeadLetter(room.client, room.keys, `default~${id}.a`)).toBe('cancelled')
    expect(await replayDeadLetter(room.client, room.keys, 'default~nothing')).toBe('gone')
    expect(await replayDeadLetter(room.client, room.keys, 'nonsense')).toBe('gone')
  })
})

describe('discarding', () => {
  it('removes the letter and leaves the job dead', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a')]))
    await room.settled(id)
    const letter = `default~${id}.a`
    expect(await discardDeadLetters(room.client, room.keys, [letter, 'default~nothing'])).toEqual([letter])
    expect(await readDeadLetter(room.client, room.keys, letter)).toBeUndefined()
    expect((await readSummary(room.client, room.keys, id))?.state).toBe('failed')
    expect(await replayDeadLetter(room.client, room.keys, letter)).toBe('gone')
  })
})
