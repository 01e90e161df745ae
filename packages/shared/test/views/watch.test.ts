import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { watchWorkflow } from '../../src/index.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom()
})
afterAll(() => room.close())

const watched = async (id: string, signal?: AbortSignal) =>
  await Array.fromAsync(watchWorkflow(room.client, room.keys, id, signal))

describe('watching a workflow', () => {
  it('tells the end of every job, also of those that end together, and the end of the workflow last', async () => {
    for (let run = 0; run < 20; run++) {
      const id = await room.submit(plan([job('a', [], { delayMs: 50 }), job('b', ['a']), job('c', ['a'])]))
      const events = await watched(id)
      const ends = events.flatMap((event) => (event.kind === 'job' && event.state === 'succeeded' ? [event.job] : []))
      expect(ends.toSorted()).toEqual(['a', 'b', 'c'])
      expect(events.at(-1)).toMatchObject({ kind: 'workflow', summary: { state: 'succeeded' } })
    }
  })

  it('ends at once when there is none, when it has ended, and when it is told to', async () => {
    expect(await watched('nowhere')).toEqual([])
    const id = await room.submit(plan([job('a')]))
    await room.settled(id)
    expect(await watched(id)).toMatchObject([{ kind: 'workflow', summary: { state: 'succeeded' } }])
    const later = await room.submit(plan([job('a', [], { delayMs: 60_000 })]))
    expect(await watched(later, AbortSignal.timeout(50))).toMatchObject([{ summary: { state: 'running' } }])
  })

  it('ends when nothing can happen before a replay', async () => {
    room.failing.add('dies')
    const id = await room.submit(plan([job('dies'), job('waits', ['dies'])], { onFailure: 'hold' }))
    expect((await watched(id)).at(-1)).toMatchObject({ kind: 'workflow', summary: { state: 'running', held: true } })
  })
})
