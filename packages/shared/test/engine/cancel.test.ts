import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { cancelWorkflow, openSignals, readSummary, readView } from '../../src/index.ts'
import { until } from '../../src/testing/index.ts'
import { job, openRoom, plan, type Room } from './room.ts'

let room: Room
let finish: () => void
beforeEach(async () => {
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  room = await openRoom({ handler: async (job) => (job.data.job === 'slow' ? await finished : null) })
})
afterEach(() => room.close())

const workflow = plan([
  job('slow'),
  job('after', ['slow']),
  job('later', [], { delayMs: 60_000 }),
  job('last', ['after', 'later']),
])

describe('cancelling', () => {
  it('ends what waits or is delayed at once, and tells those who run', async () => {
    const told: string[] = []
    const signals = openSignals(room.client)
    await signals.subscribe(room.keys.cancellations, (id) => told.push(id))
    const id = await room.submit(workflow)
    await until(() => room.started.includes('slow'))
    expect(await cancelWorkflow(room.client, room.keys, id)).toBe(true)
    expect(await readSummary(room.client, room.keys, id)).toMatchObject({
      state: 'cancelled',
      jobs: { cancelled: 3, waiting: 0 },
    })
    await until(() => told.includes(id))
    finish()
    signals.stop()
  })

  it('is final: what a running job releases does not run', async () => {
    const id = await room.submit(workflow)
    await until(() => room.started.includes('slow'))
    await cancelWorkflow(room.client, room.keys, id)
    finish()
    await until(async () => (await readSummary(room.client, room.keys, id))?.jobs.runnable === 0)
    const view = await readView(room.client, room.keys, id)
    expect(view?.jobList.map(({ name, state }) => `${name} ${state}`).toSorted()).toEqual([
      'after cancelled',
      'last cancelled',
      'later cancelled',
      'slow succeeded',
    ])
    expect(room.started).toEqual(['slow'])
  })

  it('changes nothing of a workflow that has ended, and knows when there is none', async () => {
    const id = await room.submit(plan([job('quick')]))
    await room.settled(id)
    expect(await cancelWorkflow(room.client, room.keys, id)).toBe(true)
    expect((await readSummary(room.client, room.keys, id))?.state).toBe('succeeded')
    expect(await cancelWorkflow(room.client, room.keys, 'nowhere')).toBe(false)
    finish()
  })
})
