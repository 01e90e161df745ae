import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adviceOn } from '../../src/dead-letters/advice.ts'
import { deadLetterStats, importDeadLetters, readDeadLetterStory } from '../../src/index.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'
import { letterLine } from './lines.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

describe('the statistics of dead letters', () => {
  it('count letters, workflows and stranded jobs by fingerprint, the largest group first', async () => {
    for (const name of ['a', 'x1', 'x2']) room.failing.add(name)
    const one = await room.submit(plan([job('a', [], { task: 'one' }), job('b', ['a']), job('c', ['b'])]))
    const held = plan([job('a', [], { task: 'one' }), job('b', ['a'])], { onFailure: 'hold' })
    const two = await room.submit(held)
    const three = await room.submit(plan([job('x1', [], { task: 'two' })]))
    for (const id of [one, two, three]) await room.settled(id)
    const groups = await deadLetterStats(room.client, room.keys)
    expect(groups).toMatchObject([
      { letters: 2, workflows: 2, stranded: 3, tasks: ['one'], message: 'a fails', happening: true },
      { letters: 1, workflows: 1, stranded: 0, tasks: ['two'] },
    ])
    expect(groups[0]?.fingerprint).toMatch(/^[\da-f]{12}$/)
    expect(await deadLetterStats(room.client, room.keys, { task: 'two' })).toHaveLength(1)
  })

  it('say when it began and ended, and whom it hit', async () => {
    await importDeadLetters(room.client, room.keys, [
      letterLine('a', { failedAt: 1_000, data: { tenant: 'acme' } }),
      letterLine('b', { failedAt: 5_000, data: { tenant: 'acme' } }),
      letterLine('c', { failedAt: 3_000, data: { tenant: 'zeta' }, message: 'the newest letter' }),
    ])
    expect(await deadLetterStats(room.client, room.keys)).toMatchObject([
      {
        ...{ letters: 3, firstAt: 1_000, lastAt: 5_000, happening: false, message: 'the newest letter' },
        tenants: [
          { name: 'acme', letters: 2 },
          { name: 'zeta', letters: 1 },
        ],
      },
    ])
  })

  it('are empty where nothing died', async () => {
    expect(await deadLetterStats(room.client, room.keys)).toEqual([])
  })
})

describe('the advice on a failure', () => {
  it.each([
    ['a service that still fails', 'MILLRACE_SERVICE_FAILED', 'service', true, false, 'wait'],
    ['a service that fails no more', 'MILLRACE_SERVICE_FAILED', 'service', false, false, 'replay'],
    ['a handler that fails', 'MILLRACE_TASK_FAILED', 'handler', true, false, 'mend-code'],
    ['a handler of another version since', 'MILLRACE_TASK_FAILED', 'handler', false, true, 'replay'],
    ['an input that does not fit', 'MILLRACE_INPUT_INVALID', 'input', false, true, 'mend-input'],
    ['an output that does not fit', 'MILLRACE_OUTPUT_INVALID', 'input', true, false, 'mend-code'],
    ['a task that no worker has', 'MILLRACE_TASK_UNKNOWN', 'pool', true, false, 'mend-pool'],
    ['a code of the users', 'CARD_EXPIRED', 'their-own', true, false, 'look'],
  ] as const)('for %s', (_, code, category, happening, deployed, remedy) => {
    const advice = adviceOn({ code, category, happening, deployed })
    expect(advice.remedy).toBe(remedy)
    expect(advice.why).toMatch(/^[A-Z].*\.$/)
  })
})

describe('the story of a dead letter', () => {
  it('tells what its needs gave it, and what waits for it', async () => {
    room.failing.add('b')
    const jobs = [job('a'), job('b', ['a']), job('c', ['b']), job('d', ['c']), job('other', ['a'])]
    const id = await room.submit(plan(jobs))
    await room.settled(id)
    expect(await readDeadLetterStory(room.client, room.keys, `default~${id}.b`)).toMatchObject({
      ...{ jobExists: true, needs: { a: null }, moreWaiting: false, checkpoint: undefined },
      waiting: [
        { job: 'c', queue: 'default', state: 'skipped' },
        { job: 'd', queue: 'default', state: 'skipped' },
      ],
    })
  })

  it('ends when its job is gone', async () => {
    await importDeadLetters(room.client, room.keys, [letterLine('a')])
    const story = await readDeadLetterStory(room.client, room.keys, 'default~nightly-1.a')
    expect(story).toMatchObject({ jobExists: false, needs: undefined, waiting: [] })
    expect(await readDeadLetterStory(room.client, room.keys, 'default~nothing')).toBeUndefined()
  })
})
