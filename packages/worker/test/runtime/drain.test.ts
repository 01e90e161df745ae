import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { joinPool, type WorkerProcess } from '../cli/process.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
let processes: WorkerProcess[]
beforeEach(async () => {
  room = await openRoom()
  processes = []
})
afterEach(async () => {
  for (const { child } of processes) child.kill('SIGKILL')
  await Promise.all(processes.map(({ exited }) => exited))
  await room.close()
})

const start = (...args: string[]) => startWith({}, ...args)

async function startWith(env: NodeJS.ProcessEnv, ...args: string[]): Promise<WorkerProcess> {
  const worker = joinPool(room, env, ...args)
  processes.push(worker)
  await worker.said('ready')
  return worker
}

const sleeping = (name: string, task: 'politely' | 'stubbornly', ms: number) =>
  job(name, `sleep.${task}`, { with: { ms } })
const field = (id: string, name: string, field: string) =>
  room.client.hget(room.keys.job('default', `${id}.${name}`), field)
/** Attempts that count against the job's limit. */
const spent = async (id: string, name: string) => Number(await field(id, name, 'atm'))

describe('a worker that gets SIGTERM', () => {
  it('ends at once when nothing runs', async () => {
    const worker = await start()
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
  })

  it('lets what runs come to its end, and takes nothing more', async () => {
    const worker = await start('--concurrency', '1')
    const id = await room.submit(
      { ...sleeping('a', 'politely', 700), priority: 'high' },
      sleeping('b', 'politely', 700),
    )
    await room.begun(id, 'a')
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'succeeded' })
    expect(await room.job(id, 'b')).toMatchObject({ state: 'queued', attempts: 0 })
  })

  it('aborts what is not done at the deadline and hands it back: another worker has it at once, no attempt is spent', async () => {
    const worker = await start('--drain', '300ms')
    const id = await room.submit(...['a', 'b', 'c'].map((name) => sleeping(name, 'politely', 60_000)))
    for (const name of ['a', 'b', 'c']) await room.begun(id, name)
    await room.start([defineTask({ name: 'sleep.politely' }, () => 'woken')], { name: 'other' })
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    const jobs = await room.ended(id)
    const handedBack = worker.lines.filter(({ msg }) => msg.startsWith('the worker drains; the job goes back'))
    const abortedAt = Math.min(...handedBack.map(({ time }) => Date.parse(String(time))))
    for (const view of Object.values(jobs)) {
      expect(view).toMatchObject({ state: 'succeeded', output: 'woken', worker: 'other' })
      expect(await spent(id, view.name)).toBe(1)
      expect((view.startedAt ?? 0) - abortedAt).toBeLessThan(1_500) // a stall, or a worker nobody woke, takes 5 s
      expect(await field(id, view.name, 'stc')).toBeNull()
    }
    expect((await worker.said('stopped'))['handedBack']).toBe(3)
  })

  it('hands back the job of a handler that ignores its signal, and says so', async () => {
    const worker = await start('--drain', '100ms')
    const id = await room.submit(sleeping('a', 'stubbornly', 60_000))
    await room.begun(id, 'a')
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'queued' })
    expect(await spent(id, 'a')).toBe(0)
    expect(worker.lines.find(({ msg }) => msg.startsWith('the handler ignores its signal'))).toMatchObject({
      level: 'error',
      code: 'MILLRACE_DRAINED',
      task: 'sleep.stubbornly',
    })
  })

  it('does not wait any longer when it gets a second one', async () => {
    const worker = await start('--drain', '60s')
    const id = await room.submit(sleeping('a', 'politely', 60_000))
    await room.begun(id, 'a')
    worker.child.kill('SIGINT')
    await worker.said('draining')
    await new Promise((resolve) => setTimeout(resolve, 600)) // sooner, it would be the same Ctrl-C, arriving twice
    worker.child.kill('SIGINT')
    expect(await worker.exited).toBe(0)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'queued' })
    expect(await spent(id, 'a')).toBe(0)
  })

  it('takes one Ctrl-C that arrives twice for one', async () => {
    const worker = await start('--drain', '60s')
    const id = await room.submit(sleeping('a', 'politely', 700))
    await room.begun(id, 'a')
    worker.child.kill('SIGINT')
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'succeeded' })
  })
})

describe('a worker that is killed', () => {
  it('loses its job to another one when the lock has expired: a stall, and no attempt is spent', async () => {
    const worker = await startWith({ MILLRACE_LOCK: '1s' })
    const id = await room.submit(sleeping('a', 'politely', 60_000))
    await room.begun(id, 'a')
    worker.child.kill('SIGKILL')
    await room.start([defineTask({ name: 'sleep.politely' }, () => 'woken')], { stalledEveryMs: 300 })
    expect((await room.ended(id))['a']).toMatchObject({ state: 'succeeded', output: 'woken' })
    expect([await spent(id, 'a'), await field(id, 'a', 'stc')]).toEqual([1, '1'])
  })

  it('once too often leaves its job among the dead letters', async () => {
    const worker = await startWith({ MILLRACE_LOCK: '1s' })
    const id = await room.submit(sleeping('a', 'politely', 60_000))
    await room.begun(id, 'a')
    worker.child.kill('SIGKILL')
    await room.start([defineTask({ name: 'sleep.politely' }, () => 'woken')], { stalledEveryMs: 300, maxStalls: 0 })
    expect((await room.ended(id))['a']).toMatchObject({ state: 'dead' })
    expect(await room.deadLetters()).toMatchObject([{ code: 'MILLRACE_STALLED', job: 'a' }])
    expect((await room.job(id, 'a'))?.error?.message).toMatch(/^Workers that vanished while they ran this job: 1\./)
  })
})
