import { publishHeartbeat } from '@millrace/shared'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HEARTBEAT } from '../heartbeat.ts'
import { openRoom, type Room } from '../room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

describe('Bull Board', () => {
  it('shows the workers that told the pool that they live, and misses none on the dead letters', async () => {
    const { id } = await room.producer.submit({ name: 'w', jobs: { a: { task: 'build' } } })
    await room.until(id, 'succeeded')
    await publishHeartbeat(room.client, room.keys, 'w/1', HEARTBEAT)
    const ask = async (path: string) => (await fetch(`${room.url}/queues/api/queues${path}`)).json()
    expect(await ask('/default/workers')).toMatchObject({ workers: [{ id: 'w/1', name: 'worker-1', addr: 'pool-a' }] })
    expect(await ask('')).toMatchObject({
      queues: expect.arrayContaining([
        expect.objectContaining({ name: 'default', hasWorkers: true }),
        expect.objectContaining({ name: 'dead-letters', hasWorkers: null }),
      ]),
    })
  })
})
