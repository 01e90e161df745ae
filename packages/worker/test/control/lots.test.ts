import { cancelWorkflow, explainJob, pause, readLots } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask, TaskError } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

describe('a job that was put aside', () => {
  it('stands in no lot any more once it has come back by itself and runs, or waits for its next attempt', async () => {
    let calls = 0
    const errors = [{ code: 'LATER', verdict: 'delay', delay: 50 }] as const
    const task = defineTask({ name: 'shy', retry: { attempts: 2, delay: '1m' }, errors }, () => {
      if (++calls === 1) throw new TaskError('LATER', 'not now')
      throw new Error('no answer')
    })
    await room.start([task])
    const id = await room.submit(job('a', 'shy'))
    const reasons = async () => (await explainJob(room.client, room.keys, id, 'a'))?.reasons.map(({ code }) => code)
    await until(async () => (await reasons())?.[0] === 'retry')
    expect(await readLots(room.client, room.keys)).toEqual([])
  })

  it('stands in no lot any more when its workflow is cancelled', async () => {
    await room.start([defineTask({ name: 'mail' }, () => null)])
    await pause(room.client, room.keys, 'task', 'mail')
    const id = await room.submit(job('a', 'mail'), job('b', 'mail'))
    await until(async () => (await readLots(room.client, room.keys))[0]?.jobs === 2)
    await cancelWorkflow(room.client, room.keys, id)
    await eventually(() => readLots(room.client, room.keys)).toEqual([])
    expect(await room.client.hlen(room.keys.lots)).toBe(0)
  })
})
