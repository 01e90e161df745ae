import { readDeadLetterStory, replayDeadLetter } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

describe('the attempts of a dead letter', () => {
  it('are told each with its worker, its time and its error, those before a replay too', async () => {
    let attempts = 0
    const retry = { attempts: 3, delay: '1ms', maxDelay: '1ms' } as const
    const flaky = defineTask({ name: 'flaky', retry }, async (_, ctx) => {
      await ctx.checkpoint.save({ page: 7 })
      throw new Error(`no answer ${++attempts}`)
    })
    await room.start([flaky], { name: 'worker-1' })
    const id = await room.submit(job('a', 'flaky'))
    await room.ended(id)
    const letter = `default~${id}.a`
    const story = await readDeadLetterStory(room.client, room.keys, letter)
    expect(story).toMatchObject({
      checkpoint: { page: 7 },
      attempts: 3,
      history: [1, 2, 3].map((attempt) => ({ attempt, worker: 'worker-1', message: `no answer ${attempt}` })),
    })
    for (const { startedAt, failedAt } of story?.history ?? []) expect(failedAt).toBeGreaterThanOrEqual(startedAt)
    await replayDeadLetter(room.client, room.keys, letter)
    await expect.poll(() => attempts).toBe(6)
    await room.ended(id)
    const again = await readDeadLetterStory(room.client, room.keys, letter)
    expect(again?.history.map(({ attempt }) => attempt)).toEqual([1, 2, 3, 1, 2, 3])
    expect(again?.history.map(({ fencingToken }) => fencingToken)).toEqual([1, 2, 3, 4, 5, 6])
  })
})
