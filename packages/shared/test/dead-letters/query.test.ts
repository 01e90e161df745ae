import { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { mendBriefs } from '../../src/dead-letters/briefs/mend-briefs.ts'
import {
  DEAD_LETTERS,
  deadLetterStats,
  discardDeadLetters,
  importDeadLetters,
  queryDeadLetters,
  readDeadLetter,
} from '../../src/index.ts'
import type { DeadLetterFilter } from '../../src/views/views.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'
import { letterLine } from './lines.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const add = (...lines: string[]) => importDeadLetters(room.client, room.keys, lines)
const names = async (filter: DeadLetterFilter, page = {}, now?: number) =>
  (await queryDeadLetters(room.client, room.keys, filter, page, now)).letters.map(({ job }) => job)

describe('a query for dead letters', () => {
  it('gives pages that stay while letters come and go', async () => {
    await add(...Array.from({ length: 10 }, (_, i) => letterLine(`j${i}`)))
    const first = await queryDeadLetters(room.client, room.keys, {}, { limit: 4 })
    expect(first.letters.map(({ job }) => job)).toEqual(['j9', 'j8', 'j7', 'j6'])
    await add(letterLine('new'))
    await discardDeadLetters(room.client, room.keys, ['default~nightly-1.j8', 'default~nightly-1.j6'])
    const second = await queryDeadLetters(room.client, room.keys, {}, { limit: 4, after: first.next })
    expect(second.letters.map(({ job }) => job)).toEqual(['j5', 'j4', 'j3', 'j2'])
    const third = await queryDeadLetters(room.client, room.keys, {}, { limit: 4, after: second.next })
    expect({ jobs: third.letters.map(({ job }) => job), next: third.next }).toEqual({
      jobs: ['j1', 'j0'],
      next: undefined,
    })
  })

  it('goes on after any letter, by its place', async () => {
    await add(letterLine('a'), letterLine('b'), letterLine('c'))
    const b = await readDeadLetter(room.client, room.keys, 'default~nightly-1.b')
    expect(await names({}, { after: b?.place })).toEqual(['a'])
  })

  it('finds by every condition, and by all of them together', async () => {
    await add(
      letterLine('a', { task: 'one', fingerprint: 'aaaaaaaaaaaa', data: { tenant: 'acme' }, failedAt: 1_000 }),
      letterLine('b', { queue: 'slow', code: 'OTHER', message: 'Card EXPIRED\nin May', failedAt: 2_000 }),
      letterLine('c', { task: 'acme', data: { workflow: 'other-1', workflowName: 'other' }, failedAt: 3_000 }),
    )
    expect(await names({ task: 'one' })).toEqual(['a'])
    expect(await names({ tenant: 'acme' })).toEqual(['a']) // and not the task of that name
    expect(await names({ fingerprint: 'aaaaaaaaaaaa' })).toEqual(['a'])
    expect(await names({ queue: 'slow' })).toEqual(['b'])
    expect(await names({ code: 'OTHER' })).toEqual(['b'])
    expect(await names({ text: 'card expired\nIN' })).toEqual(['b'])
    expect(await names({ text: 'slow' })).toEqual([]) // the message is looked at, and nothing else
    expect(await names({ workflow: 'other' })).toEqual(['c'])
    expect(await names({ workflow: 'nightly-1' })).toEqual(['b', 'a'])
    expect(await names({ olderThanMs: 500 }, {}, 2_501)).toEqual(['b', 'a'])
    expect(await names({ newerThanMs: 500 }, {}, 2_500)).toEqual(['c', 'b'])
    expect(await names({ queue: 'default', tenant: 'acme', task: 'one', text: 'fails' })).toEqual(['a'])
    expect(await names({ queue: 'slow', tenant: 'acme' })).toEqual([])
  })

  it('finds those with any id, as jobs of other tools may have', async () => {
    const jobIds = ['7', '12-12', 'NO_SUCH_CODE', `${'x'.repeat(200)}5`]
    const ids = jobIds.map((id) => `default~${id}`)
    const { letter } = JSON.parse(letterLine('a'))
    const added = await add(...jobIds.map((jobId, i) => JSON.stringify({ id: ids[i], letter: { ...letter, jobId } })))
    expect(added).toMatchObject({ imported: 4 })
    const found = async (filter: DeadLetterFilter) =>
      (await queryDeadLetters(room.client, room.keys, filter)).letters.map(({ id }) => id).sort()
    expect(await found({ code: 'MILLRACE_TASK_FAILED' })).toEqual([...ids].sort())
    expect(await found({ code: 'NO_SUCH_CODE' })).toEqual([])
    expect(await found({ queue: 'default', text: 'a FAILS' })).toEqual([...ids].sort())
    expect(await discardDeadLetters(room.client, room.keys, ids)).toHaveLength(4)
    expect(await room.client.zcard(room.keys.briefs)).toBe(0)
  })

  it('leaves out what another tool has removed, of which in the end nothing is left', async () => {
    await add(...['a', 'b', 'c'].map((name) => letterLine(name)))
    const queue = new Queue(DEAD_LETTERS, { connection: room.client, prefix: room.keys.prefix })
    await queue.remove('default~nightly-1.b')
    await queue.close()
    expect(await names({ task: 'work' })).toEqual(['c', 'a'])
    expect(await deadLetterStats(room.client, room.keys)).toMatchObject([{ letters: 2 }])
    expect(await mendBriefs(room.client, room.keys)).toEqual({ dropped: 1, written: 0 })
    expect(await room.client.zcard(room.keys.briefs)).toBe(2)
    expect(await names({})).toEqual(['c', 'a'])
  })

  it('finds what was buried before there were briefs, once they are restored', async () => {
    await add(
      letterLine('a', { task: 'one', message: 'Card EXPIRED', data: { tenant: 'acme' }, failedAt: 1_000 }),
      ...['b', 'c'].map((name) => letterLine(name, { data: { with: 'x'.repeat(150_000) } })),
    )
    const before = await room.client.zrange(room.keys.briefs, '0', '-1', 'WITHSCORES')
    await room.client.zremrangebyrank(room.keys.briefs, 0, 1)
    expect(await names({})).toEqual(['c'])
    expect(await mendBriefs(room.client, room.keys)).toEqual({ dropped: 0, written: 2 })
    expect(await room.client.zrange(room.keys.briefs, '0', '-1', 'WITHSCORES')).toEqual(before)
    expect(await names({ tenant: 'acme', text: 'card expired', task: 'one' })).toEqual(['a'])
    expect(await mendBriefs(room.client, room.keys, { whole: true })).toEqual({ dropped: 0, written: 0 })
  })

  it('is whole again after a look at the whole, even if as many briefs are too many as are missing', async () => {
    await add(...['a', 'b', 'c'].map((name) => letterLine(name)))
    const queue = new Queue(DEAD_LETTERS, { connection: room.client, prefix: room.keys.prefix })
    await queue.remove('default~nightly-1.b')
    await queue.close()
    await room.client.zremrangebyrank(room.keys.briefs, 0, 0) // of a
    expect(await mendBriefs(room.client, room.keys)).toEqual({ dropped: 0, written: 0 })
    expect(await names({})).toEqual(['c'])
    expect(await mendBriefs(room.client, room.keys, { whole: true })).toEqual({ dropped: 1, written: 1 })
    expect(await names({})).toEqual(['c', 'a'])
  })

  it('looks at more than one call does', async () => {
    await add(letterLine('needle', { task: 'rare' }), ...Array.from({ length: 1_200 }, (_, i) => letterLine(`j${i}`)))
    expect(await names({ task: 'rare' })).toEqual(['needle'])
  })
})

describe('discarding a letter of a workflow that holds', () => {
  it('ends what was held for it: nothing waits for a replay that cannot come', async () => {
    room.failing.add('a')
    const id = await room.submit(plan([job('a'), job('b', ['a']), job('c', ['b'])], { onFailure: 'hold' }))
    expect(await room.settled(id)).toMatchObject({ state: 'running', held: true, jobs: { waiting: 2 } })
    await discardDeadLetters(room.client, room.keys, [`default~${id}.a`])
    expect(await room.settled(id)).toMatchObject({ state: 'failed', held: false, jobs: { dead: 1, skipped: 2 } })
  })
})
