import { listWorkflows, orderAll, SCHEDULES, type Schedule } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { joinPool } from '../cli/process.ts'
import { openRoom, type Room } from '../room.ts'

let room: Room
let queue: Queue<Schedule>
beforeEach(async () => {
  room = await openRoom()
  queue = new Queue(SCHEDULES, { connection: room.client, prefix: room.keys.prefix, skipVersionCheck: true })
})
afterEach(async () => {
  await queue.close()
  await room.close()
})

/** Adds a schedule as a producer does. */
async function add(everyMs: number, task = 'work') {
  const data: Schedule = { name: 'often', everyMs, overlap: 'allow', workflow: { name: 'w', jobs: { a: { task } } } }
  await queue.upsertJobScheduler('often', { every: everyMs }, { name: 'run', data })
  await orderAll(room.client, room.keys)
}
const workflows = async () => (await listWorkflows(room.client, room.keys, { limit: 1_000 })).map(({ id }) => id)
const work = defineTask({ name: 'work' }, () => null)

describe('a schedule', () => {
  it('is run by workers that were there before it, one workflow for each slot', async () => {
    await Promise.all([room.start([work]), room.start([work])])
    await add(100)
    await until(async () => (await workflows()).length >= 5)
    for (const id of await workflows()) expect(id).toMatch(/^often-\d{8}T\d{6,9}Z$/)
  })

  it('makes up for one run of those that were due while no worker was there, and goes on', async () => {
    await add(100)
    await new Promise((resolve) => setTimeout(resolve, 1_000)) // ten are due
    await room.start([work])
    await until(async () => (await workflows()).length >= 2)
    expect((await workflows()).length).toBeLessThan(8)
    await until(async () => (await workflows()).length >= 8)
  })

  it('goes on when the workers that run it are killed again and again', async () => {
    const env = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '300ms' }
    await add(50, 'ledger.post')
    for (let round = 0; round < 4; round++) {
      const child = joinPool(room, env)
      await child.said('ready')
      const before = (await workflows()).length
      await until(async () => (await workflows()).length > before + 3)
      child.child.kill('SIGKILL')
      await child.exited
    }
    const before = (await workflows()).length
    await room.start([work], { lockMs: 1_000 })
    await until(async () => (await workflows()).length > before + 3)
  })
})
