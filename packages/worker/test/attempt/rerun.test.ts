import { planRerun, startRerun } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
/** What was run, in order. */
let ran: string[]
beforeEach(async () => {
  room = await openRoom()
  ran = []
  const note = (name: string) => void ran.push(name)
  await room.start([
    defineTask({ name: 'parts' }, (_, ctx) => {
      note(ctx.job.name)
      return { parts: [1, 2, 3] }
    }),
    defineTask({ name: 'double' }, (input, ctx) => {
      note(ctx.job.name)
      return Number(input) * 2
    }),
    defineTask({ name: 'spawning' }, async (_, ctx) => {
      note(ctx.job.name)
      await ctx.spawn({ one: { task: 'double', with: 10 }, two: { task: 'double', with: 20 } })
      return 'spawned'
    }),
    defineTask({ name: 'sum' }, (input, ctx) => {
      note(ctx.job.name)
      return { input, needs: ctx.needs }
    }),
  ])
})
afterEach(() => room.close())

/** Reruns the workflow and gives its jobs when it has ended. */
async function again(id: string, from: string) {
  ran.length = 0
  const rerun = await startRerun(room.client, room.keys, await planRerun(room.client, room.keys, id, from), {
    id: `${id}-again`,
  })
  return await room.ended(rerun.id)
}

const fanned = () =>
  room.submit(
    job('fetch', 'parts'),
    job('parse', 'double', { needs: ['fetch'], foreach: '${{ needs.fetch.output.parts }}' }),
    job('sum', 'sum', { needs: ['parse', 'fetch'], with: { second: '${{ needs.parse.output[1] }}' } }),
  )

describe('a rerun', () => {
  it('finds the items of a foreach that is kept', async () => {
    const id = await fanned()
    const before = await room.ended(id)
    const after = await again(id, 'sum')
    expect(ran).toEqual(['sum'])
    expect(after['sum']?.output).toEqual({
      input: { second: 4 },
      needs: { parse: [2, 4, 6], fetch: { parts: [1, 2, 3] } },
    })
    expect(after['sum']?.output).toEqual(before['sum']?.output)
    expect(after['parse.1']).toMatchObject({ state: 'succeeded', output: 4, carriedFrom: id })
  })

  it('fans out anew when the foreach runs again', async () => {
    const id = await fanned()
    const before = await room.ended(id)
    const after = await again(id, 'parse')
    expect(ran.toSorted()).toEqual(['parse.0', 'parse.1', 'parse.2', 'sum'])
    expect(after['sum']?.output).toEqual(before['sum']?.output)
    expect(after['parse.0']?.carriedFrom).toBeUndefined()
  })

  it('keeps what was spawned, or spawns it again', async () => {
    const id = await room.submit(job('a', 'spawning'), job('b', 'sum', { needs: ['a'] }))
    await room.ended(id)
    expect((await again(id, 'b'))['a.two']).toMatchObject({ output: 40, carriedFrom: id })
    expect(ran).toEqual(['b'])
    const whole = await again(`${id}-again`, 'a')
    expect(ran.toSorted()).toEqual(['a', 'a.one', 'a.two', 'b'])
    expect(whole['b']?.output).toEqual({ input: null, needs: { a: 'spawned' } })
  })
})
