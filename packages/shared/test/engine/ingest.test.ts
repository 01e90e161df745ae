import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { ingest, readSummary, sweepOnce } from '../../src/index.ts'
import { dyingAfter } from './dying.ts'
import { job, openRoom, plan, type Room } from './room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const diamond = plan([job('a'), job('b', ['a']), job('c', ['a']), job('d', ['b', 'c'])])
const wide = plan(Array.from({ length: 700 }, (_, index) => job(`j${index}`, index < 600 ? [] : [`j${index - 600}`])))
const log = { warn: () => {}, error: () => {} }

describe('submitting', () => {
  it('the same id again is the same workflow: nothing runs twice', async () => {
    const id = await room.submit(diamond, 'same')
    await room.settled(id)
    expect(await ingest(room.client, room.keys, diamond, { id })).toMatchObject({ created: false })
    expect(room.started.toSorted()).toEqual(['a', 'b', 'c', 'd'])
  })

  it('the same id many times at once is one workflow', async () => {
    const replies = await Promise.all(
      Array.from({ length: 8 }, () => ingest(room.client, room.keys, wide, { id: 'together' })),
    )
    expect(replies.some(({ created }) => created)).toBe(true)
    const { jobs, state } = await room.settled('together')
    expect({ state, total: jobs.total, succeeded: jobs.succeeded }).toEqual({
      state: 'succeeded',
      total: 700,
      succeeded: 700,
    })
    expect(new Set(room.started).size).toBe(room.started.length)
  })

  it('another workflow under an id that is taken is refused, and changes nothing', async () => {
    await room.settled(await room.submit(diamond, 'mine'))
    await expect(ingest(room.client, room.keys, plan([job('other')]), { id: 'mine' })).rejects.toMatchObject({
      code: 'MILLRACE_WORKFLOW_CONFLICT',
    })
    expect((await readSummary(room.client, room.keys, 'mine'))?.jobs.total).toBe(4)
  })

  it('nothing runs while the workflow is half loaded', async () => {
    await expect(ingest(dyingAfter(room.client, 3), room.keys, wide, { id: 'half' })).rejects.toThrow('killed')
    expect(await readSummary(room.client, room.keys, 'half')).toMatchObject({ state: 'loading' })
    expect(room.started).toEqual([])
  })

  it('a half-loaded workflow is completed by submitting it again', async () => {
    await expect(ingest(dyingAfter(room.client, 3), room.keys, wide, { id: 'half' })).rejects.toThrow('killed')
    await room.submit(wide, 'half')
    expect(await room.settled('half')).toMatchObject({ state: 'succeeded', jobs: { succeeded: 700 } })
  })

  it('a half-loaded workflow that nobody completes is removed by the sweeper, to the last key', async () => {
    await expect(ingest(dyingAfter(room.client, 3), room.keys, wide, { id: 'half' })).rejects.toThrow('killed')
    const options = { client: room.client, keys: room.keys, log }
    expect(await sweepOnce(options)).toMatchObject({ loading: 0 })
    expect(await sweepOnce(options, Date.now() + 61_000)).toMatchObject({ loading: 1 })
    expect(await room.client.keys(`${room.keys.prefix}*half*`)).toEqual([])
  })

  it('a producer that dies after the start leaves dependents to the sweeper', async () => {
    const fan = plan([job('root'), ...Array.from({ length: 1_200 }, (_, index) => job(`j${index}`, ['root']))])
    const roots = plan(Array.from({ length: 1_200 }, (_, index) => job(`j${index}`)))
    for (const [id, workflow] of [
      ['fan', fan],
      ['roots', roots],
    ] as const) {
      const calls = Math.ceil(workflow.jobs.length / 200) // the calls that load; those that start the rest are not made
      await ingest(dyingAfter(room.client, calls), room.keys, workflow, { id }).catch(() => {})
    }
    await sweepOnce({ client: room.client, keys: room.keys, log })
    expect(await room.settled('fan')).toMatchObject({ jobs: { succeeded: 1_201 } })
    expect(await room.settled('roots')).toMatchObject({ jobs: { succeeded: 1_200 } })
  })
})
