import { type Job, UnrecoverableError, WaitingChildrenError } from 'bullmq'
import { afterEach, describe, expect, it } from 'vitest'
import { type JobData, readView, replayDeadLetter, spawnJobs, suspendSpawner } from '../../src/index.ts'
import { job, openRoom, plan, type Room } from './room.ts'

let room: Room
afterEach(() => room.close())

/** A room in which the job `spawner` spawns `count` jobs and is suspended. */
async function spawning(count: number, extra: Parameters<typeof job>[2] = {}) {
  room = await openRoom({
    handler: async (running: Job<JobData>) => {
      if (running.data.job !== 'spawner') return running.data.job
      const locked = { job: running, token: running.token as string }
      const jobs = Array.from({ length: count }, (_, index) => job(`spawner.${index}`, [], extra))
      await spawnJobs(room.client, room.keys, locked, jobs)
      await spawnJobs(room.client, room.keys, locked, jobs) // what a second attempt does: the same jobs
      await suspendSpawner(room.client, room.keys, locked, { spawned: count })
      throw new WaitingChildrenError()
    },
  })
  return room.submit(plan([job('before'), job('spawner', ['before']), job('after', ['spawner'])]))
}

const states = async (id: string) =>
  Object.fromEntries(
    (await readView(room.client, room.keys, id))?.jobList.map(({ name, state }) => [name, state]) ?? [],
  )

describe('a job that spawns', () => {
  it.each([0, 1, 450])('%i jobs ends when they have ended, and then releases what needs it', async (count) => {
    const id = await spawning(count)
    const summary = await room.settled(id)
    expect(summary).toMatchObject({ state: 'succeeded', jobs: { total: 3 + count, succeeded: 3 + count } })
    expect(room.started.at(-1)).toBe('after')
    expect(room.started.length).toBe(3 + count)
    const spawner = (await readView(room.client, room.keys, id))?.jobList.find(({ name }) => name === 'spawner')
    expect(spawner?.output).toEqual({ spawned: count })
  })

  it('is skipped when one of them dies, and comes back with its replay', async () => {
    const id = await spawning(5)
    room.failing.add('spawner.3')
    expect(await room.settled(id)).toMatchObject({ state: 'failed', jobs: { dead: 1, skipped: 2 } })
    expect(await states(id)).toMatchObject({ 'spawner.3': 'dead', spawner: 'skipped', after: 'skipped' })
    room.failing.clear()
    expect(await replayDeadLetter(room.client, room.keys, `default~${id}.spawner.3`)).toBe('replayed')
    expect(await room.settled(id)).toMatchObject({ state: 'succeeded', jobs: { succeeded: 8 } })
    expect(room.started.filter((name) => name === 'spawner')).toHaveLength(1)
  })

  it('may not bring its workflow to more than 10,000 jobs', async () => {
    let refused: unknown
    room = await openRoom({
      handler: async (running) => {
        const jobs = Array.from({ length: 10_000 }, (_, index) => job(`spawner.${index}`, [], { delayMs: 60_000 }))
        try {
          await spawnJobs(room.client, room.keys, { job: running, token: running.token as string }, jobs)
        } catch (error) {
          refused = error
          throw new UnrecoverableError('refused')
        }
      },
    })
    await room.submit(plan([job('spawner')]))
    await expect.poll(() => refused, { timeout: 20_000 }).toMatchObject({ code: 'MILLRACE_WORKFLOW_TOO_LARGE' })
  })

  it('may not when its lock is not its own', async () => {
    let refused: unknown
    room = await openRoom({
      handler: async (running) => {
        const stale = { job: running, token: 'somebody else' }
        refused = await spawnJobs(room.client, room.keys, stale, [job('spawner.0')]).catch((error: unknown) => error)
      },
    })
    expect(await room.settled(await room.submit(plan([job('spawner')])))).toMatchObject({ jobs: { total: 1 } })
    expect(refused).toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
  })
})
