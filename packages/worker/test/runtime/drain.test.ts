import { afterEach, beforeEach, describe, expect, it } from 'vitest'
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

async function start(...args: string[]): Promise<WorkerProcess> {
  const worker = joinPool(room, ...args)
  processes.push(worker)
  await worker.said('ready')
  return worker
}

const sleeping = (name: string, task: 'politely' | 'stubbornly', ms: number) =>
  job(name, `sleep.${task}`, { with: { ms } })
const active = async (id: string, name: string) =>
  expect.poll(async () => (await room.job(id, name))?.state).toBe('active')
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
    await active(id, 'a')
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'succeeded' })
    expect(await room.job(id, 'b')).toMatchObject({ state: 'queued', attempts: 0 })
  })

  it('aborts what is not done at the deadline and hands it back: another worker has it at once, no attempt is spent', async () => {
    const worker = await start('--drain', '300ms')
    const id = await room.submit(...['a', 'b', 'c'].map((name) => sleeping(name, 'politely', 1_000)))
    await active(id, 'c')
    const other = await start('--name', 'other')
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    const leftAt = Date.now()
    await Promise.all(['a', 'b', 'c'].map((name) => active(id, name)))
    expect(Date.now() - leftAt).toBeLessThan(1_000) // a stall would take 5 s or more
    const jobs = await room.ended(id)
    for (const view of Object.values(jobs)) {
      expect(view).toMatchObject({ state: 'succeeded', output: other.child.pid, worker: 'other' })
      expect(await spent(id, view.name)).toBe(1)
      expect(await field(id, view.name, 'stc')).toBeNull()
    }
    expect((await worker.said('stopped'))['handedBack']).toBe(3)
  })

  it('hands back the job of a handler that ignores its signal, and says so', async () => {
    const worker = await start('--drain', '100ms')
    const id = await room.submit(sleeping('a', 'stubbornly', 60_000))
    await active(id, 'a')
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
    await active(id, 'a')
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
    await active(id, 'a')
    worker.child.kill('SIGINT')
    worker.child.kill('SIGTERM')
    expect(await worker.exited).toBe(0)
    expect(await room.job(id, 'a')).toMatchObject({ state: 'succeeded' })
  })
})

describe('a worker that is killed', () => {
  it('loses its job to another worker, without a word from anybody', async () => {
    const worker = await start()
    const id = await room.submit(sleeping('a', 'politely', 500))
    await active(id, 'a')
    worker.child.kill('SIGKILL')
    const other = await start('--name', 'other')
    const { a } = await room.ended(id)
    expect(a).toMatchObject({ state: 'succeeded', output: other.child.pid, worker: 'other' })
  }, 40_000)
})
