import { Queue } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingest, readSummary, readView, reconcile } from '../../src/index.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom({ queues: ['other'] }) // nobody works on `default`
})
afterEach(() => room.close())

const states = async (id: string) =>
  Object.fromEntries(
    (await readView(room.client, room.keys, id))?.jobList.map(({ name, state }) => [name, state]) ?? [],
  )

describe('the reconciler', () => {
  it('skips what needs a job that somebody removed, and ends the workflow as failed', async () => {
    await ingest(room.client, room.keys, plan([job('a'), job('b', ['a']), job('c', ['b'])]), { id: 'w' })
    const queue = new Queue('default', { connection: room.client, prefix: room.keys.prefix })
    await room.client.del(room.keys.job('default', 'w.a'))
    await queue.remove('w.a')
    expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 1, undecided: 0 })
    expect(await readSummary(room.client, room.keys, 'w')).toMatchObject({
      state: 'failed',
      jobs: { dead: 1, skipped: 2 },
    })
    await queue.close()
  })

  it('takes off a need that has ended and is still listed', async () => {
    await ingest(room.client, room.keys, plan([job('a', [], { queue: 'other' }), job('b', ['a'])]), { id: 'w' })
    await expect.poll(() => states('w')).toMatchObject({ a: 'succeeded', b: 'queued' })
    const [key, waiting] = [room.keys.job('default', 'w.b'), room.keys.queue('default', 'waiting-children')]
    await room.client.zrem(room.keys.queue('default', 'prioritized'), 'w.b')
    await room.client.zadd(waiting, Date.now(), 'w.b')
    await room.client.sadd(`${key}:dependencies`, 1) // the number of a: jobs without needs come last
    expect(await reconcile(room.client, room.keys)).toEqual({ listed: 1, vanished: 0, undecided: 0 })
    expect(await states('w')).toMatchObject({ b: 'queued' })
  })

  it('decides a job that has nothing left to wait for', async () => {
    await ingest(room.client, room.keys, plan([job('a'), job('b', ['a'])]), { id: 'w' })
    await room.client.del(`${room.keys.job('default', 'w.b')}:dependencies`)
    expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 0, undecided: 1 })
    expect(await states('w')).toMatchObject({ b: 'queued' })
  })

  it('leaves a healthy workflow alone', async () => {
    await ingest(room.client, room.keys, plan([job('a'), job('b', ['a']), job('c', ['a', 'b'])]), { id: 'w' })
    expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 0, undecided: 0 })
  })
})
