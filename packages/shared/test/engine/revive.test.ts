import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelWorkflow, readView, reconcile, reviveWorkflow } from '../../src/index.ts'
import { until } from '../../src/testing/index.ts'
import { job, openRoom, plan, type Room } from './room.ts'

let room: Room
beforeAll(async () => {
  room = await openRoom({
    handler: async (job) => {
      await new Promise((resolve) => setTimeout(resolve, job.data.job === 'slow' ? 300 : 1))
      return `output of ${job.data.job}`
    },
  })
})
afterAll(() => room.close())

const dags = fc
  .array(fc.array(fc.nat(), { maxLength: 3 }), { minLength: 1, maxLength: 12 })
  .map((nodes) =>
    nodes.map((needs, i) => job(`j${i}`, i === 0 ? [] : [...new Set(needs.map((need) => `j${need % i}`))])),
  )

describe('a cancelled workflow that is revived', () => {
  it('ends as if it had never been cancelled, whenever that was, and runs nothing twice that had succeeded', async () => {
    await fc.assert(
      fc.asyncProperty(dags, fc.nat({ max: 8 }), async (jobs, afterMs) => {
        room.started.length = 0
        const id = await room.submit(plan(jobs))
        await new Promise((resolve) => setTimeout(resolve, afterMs))
        await cancelWorkflow(room.client, room.keys, id)
        const cancelled = await until(async () => {
          const view = await readView(room.client, room.keys, id)
          return view && view.jobs.runnable + view.jobs.waiting === 0 ? view : undefined
        })
        const before = [...room.started]
        const done = cancelled.jobList.filter(({ state }) => state === 'succeeded').map(({ name }) => name)
        const revival = await reviveWorkflow(room.client, room.keys, id)
        expect(revival).toBe(cancelled.state === 'cancelled' ? 'revived' : 'open')
        expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: jobs.length } })
        const view = await readView(room.client, room.keys, id)
        expect(view?.jobList.map(({ name, output }) => [name, output]).toSorted()).toEqual(
          jobs.map(({ name }) => [name, `output of ${name}`]).toSorted(),
        )
        expect(room.started.slice(before.length).filter((name) => done.includes(name))).toEqual([])
        expect(room.early).toEqual([])
        expect(await reconcile(room.client, room.keys)).toEqual({ listed: 0, vanished: 0, undecided: 0 })
      }),
      { numRuns: 40 },
    )
  })

  it('goes page by page', async () => {
    const wide = Array.from({ length: 450 }, (_, i) => job(`w${i}`, ['slow']))
    const id = await room.submit(plan([job('slow', [], { delayMs: 60_000 }), ...wide]))
    await cancelWorkflow(room.client, room.keys, id)
    expect(await reviveWorkflow(room.client, room.keys, id)).toBe('revived')
    expect(await readView(room.client, room.keys, id)).toMatchObject({
      state: 'running',
      jobs: { waiting: 450, runnable: 1, cancelled: 0 },
    })
    await cancelWorkflow(room.client, room.keys, id)
    expect(await readView(room.client, room.keys, id)).toMatchObject({ state: 'cancelled', jobs: { cancelled: 451 } })
  })

  it('waits for what still ends, and not for ever', async () => {
    const id = await room.submit(plan([job('slow'), job('after', ['slow'])]))
    await until(() => room.started.includes('slow'))
    await cancelWorkflow(room.client, room.keys, id)
    expect(await reviveWorkflow(room.client, room.keys, id, { patienceMs: 0 })).toBe('busy')
    expect(await reviveWorkflow(room.client, room.keys, id)).toBe('revived')
    expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: 2 } })
    expect(await reviveWorkflow(room.client, room.keys, 'nothing')).toBe('gone')
  })
})
