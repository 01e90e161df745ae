import { setTimeout as sleep } from 'node:timers/promises'
import { readEstimates, type TaskEstimate, taskEstimates } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

describe('a worker', () => {
  it('tells the pool how long its tasks take, a few seconds later or when it ends', async () => {
    const quick = defineTask({ name: 'quick' }, () => null)
    const slow = defineTask({ name: 'slow', retry: 1, timeout: '20ms' }, () => new Promise(() => {}))
    const worker = await room.start([quick, slow], { graceMs: 1 })
    await room.ended(await room.submit(job('a', 'quick'), job('b', 'quick'), job('c', 'slow')))
    await worker.close()
    const estimates = await readEstimates(room.client, room.keys)
    expect(estimates.get('quick')).toMatchObject({ samples: 2, timeouts: 0 })
    expect(estimates.get('slow')).toMatchObject({ samples: 0, timeouts: 1 })
    expect([...(await taskEstimates(room.client, room.keys)).keys()]).toEqual(['quick'])
  })

  it('does not wait for its end', async () => {
    await room.start([defineTask({ name: 'quick' }, () => null)])
    await room.ended(await room.submit(job('a', 'quick')))
    await eventually(() => taskEstimates(room.client, room.keys)).toHaveProperty('size', 1)
  })

  it('does not count the time for which an attempt waits for a slot of its bulkhead', async () => {
    const took: number[] = []
    const narrow = defineTask({ name: 'narrow', bulkhead: { limit: 1, queue: 5 } }, async () => {
      const begun = performance.now()
      await sleep(100)
      took.push(performance.now() - begun)
    })
    const worker = await room.start([narrow])
    await room.ended(await room.submit(job('a', 'narrow'), job('b', 'narrow'), job('c', 'narrow')))
    await worker.close()
    const { samples, mostMs } = (await readEstimates(room.client, room.keys)).get('narrow') as TaskEstimate
    expect(samples).toBe(3)
    expect(mostMs).toBeLessThan(1.06 * Math.max(...took) + 20)
  })

  it('does not count fanning out: no handler ran', async () => {
    const worker = await room.start([defineTask({ name: 'item' }, () => null)])
    await room.ended(await room.submit(job('a', 'item', { foreach: [1, 2, 3] })))
    await worker.close()
    expect((await readEstimates(room.client, room.keys)).get('item')).toMatchObject({ samples: 3 })
  })

  it('does not count outputs of earlier jobs that are used again: no handler ran', async () => {
    const worker = await room.start([defineTask({ name: 'cached', cache: { ttl: '1m' } }, () => null)])
    for (let run = 0; run < 3; run++) await room.ended(await room.submit(job('a', 'cached')))
    await worker.close()
    expect((await readEstimates(room.client, room.keys)).get('cached')).toMatchObject({ samples: 1 })
  })
})
