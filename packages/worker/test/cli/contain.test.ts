import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { eventually, job, openRoom, type Room } from '../room.ts'
import { joinPool, type WorkerProcess } from './process.ts'

let room: Room
let worker: WorkerProcess
beforeEach(async () => {
  room = await openRoom()
})
afterEach(async () => {
  worker.child.kill('SIGKILL')
  await worker.exited
  await room.close()
})

async function start(env: NodeJS.ProcessEnv = {}): Promise<void> {
  worker = joinPool(room, env)
  await worker.said('ready')
}

describe('a handler that fails where its promise does not hear of it', () => {
  it('fails its own attempt, whichever way it takes, and no other job of the worker', async () => {
    await start()
    const neighbour = await room.submit(job('a', 'sleep.politely', { with: { ms: 1_000 } }))
    await room.begun(neighbour, 'a')
    const ways = {
      timer: 'a timer',
      promise: 'a promise that nobody awaits',
      event: 'an event that nobody listens to',
      exit: 'process.exit',
      late: 'process.exit in a callback',
    }
    const jobs = Object.entries(ways).map(([name, way]) => job(name, 'stray.away', { with: way }))
    const ended = await room.ended(await room.submit(...jobs))
    const errors = Object.fromEntries(Object.entries(ended).map(([name, { error }]) => [name, error]))
    expect(errors).toEqual({
      timer: { code: 'MILLRACE_TASK_ASTRAY', message: expect.stringContaining('astray in a timer') },
      promise: { code: 'MILLRACE_TASK_ASTRAY', message: expect.stringContaining('astray in a promise') },
      event: { code: 'MILLRACE_TASK_ASTRAY', message: expect.stringContaining('event') },
      exit: { code: 'MILLRACE_TASK_EXITED', message: expect.stringContaining('process.exit(3)') },
      late: { code: 'MILLRACE_TASK_EXITED', message: expect.stringContaining('process.exit(4)') },
    })
    expect((await room.ended(neighbour))['a']).toMatchObject({ state: 'succeeded', output: worker.child.pid })
    const stack = (await room.deadLetters()).find(({ job }) => job === 'timer')?.stack
    expect(stack).toContain('stray.ts') // where it was thrown, not where it was caught
  })

  it('leaves a worker that goes on, even when its attempt had ended by then', async () => {
    await start()
    const id = await room.submit(job('a', 'stray.late'))
    expect((await room.ended(id))['a']).toMatchObject({ state: 'succeeded', output: 'done' })
    const said = await worker.said('a handler would have ended the worker; only its attempt fails')
    expect(said).toMatchObject({ code: 'MILLRACE_TASK_ASTRAY', task: 'stray.late' })
    const next = await room.submit(job('a', 'sleep.politely', { with: { ms: 0 } }))
    expect((await room.ended(next))['a']?.state).toBe('succeeded')
  })
})

describe('an error that nobody caught and that is not of a handler', () => {
  it('ends the worker with 1, and what ran goes back to its queue at once', async () => {
    await start({ STRAY_AFTER_MS: '2000' })
    const id = await room.submit(job('a', 'sleep.politely', { with: { ms: 60_000 } }))
    await room.begun(id, 'a')
    expect(await worker.exited).toBe(1)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'queued' })
    const fatal = worker.lines.find(({ level }) => level === 'fatal')
    expect(fatal).toMatchObject({ err: { message: 'astray in a module' } })
    await eventually(() => room.client.hget(room.keys.job('default', `${id}.a`), 'stc')).toBeNull()
  })
})
