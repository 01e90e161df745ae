import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { cancelWorkflow, type Task } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { defineTask, loadTasks } from '../../src/index.ts'
import { runWorker } from '../cli/process.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

const FOLDER = fileURLToPath(new URL('../fixtures/isolated', import.meta.url))

let tasks: Task[]
let room: Room
beforeAll(async () => {
  tasks = await loadTasks(FOLDER)
})
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

const isAlive = (pid: number) => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

describe('an isolated task', () => {
  it('runs in a process of its own and has the whole context', async () => {
    await room.start(tasks)
    const id = await room.submit(
      job('need', 'plain'),
      job('a', 'isolated.uses', { needs: ['need'], with: { size: 3, list: [] } }),
    )
    const { a, need } = await room.ended(id)
    expect(a).toMatchObject({
      state: 'succeeded',
      output: { input: { size: 3, list: [] }, needs: { need: process.pid }, attempt: 1, job: 'a' },
      progress: 0.5,
    })
    const { pid } = (a?.output ?? {}) as { pid: number }
    expect([need?.output, pid]).toEqual([process.pid, expect.any(Number)])
    expect(pid).not.toBe(process.pid)
    const line = room.lines.find(({ msg }) => msg === 'from the process')
    expect(line).toMatchObject({ from: pid, task: 'isolated.uses', job: 'a' })
    expect((await room.job(id, 'a.more'))?.state).toBe('succeeded')
    await until(() => !isAlive(pid)) // one process per attempt: nothing is left for the next
  })

  it('has checkpoints, effects, shared values, resources and streams as any other, its process being ended between two attempts', async () => {
    await room.start(tasks)
    const { a } = await room.ended(await room.submit(job('a', 'isolated.keeps')))
    expect(a).toMatchObject({
      state: 'succeeded',
      attempts: 2,
      output: { state: { page: 7 }, total: 5, called: true, open: 'MILLRACE_RESOURCE_UNKNOWN' },
    })
    const { charged, key } = (a?.output ?? {}) as { charged: string; key: string }
    expect(charged).toBe(`charged by ${key}`)
  })

  it.each([
    ['exits', 'MILLRACE_ISOLATE_EXITED', /exit code 0/],
    ['crashes', 'MILLRACE_ISOLATE_EXITED', /exit code 1.*RangeError: nobody catches this/],
    ['blocks', 'MILLRACE_ISOLATE_BLOCKED', /busy for more than 1000 ms/],
    ['leaks', 'MILLRACE_ISOLATE_MEMORY', /its heap is full|it has \d+ MiB/],
    ['hoards', 'MILLRACE_ISOLATE_MEMORY', /it has \d+ MiB.*declares 64 MiB/],
  ])('that %s is buried under %s after its attempts, and nothing else is disturbed', async (name, code, message) => {
    const worker = await room.start(tasks)
    const id = await room.submit(job('a', `isolated.${name}`), job('b', 'plain'))
    const { a, b } = await room.ended(id)
    expect(a).toMatchObject({ state: 'dead', attempts: 2, error: { code, message: expect.stringMatching(message) } })
    expect(b?.state).toBe('succeeded')
    expect(worker.counts()).toMatchObject({ buried: 1, retried: 1, running: 0 })
    expect(await room.deadLetters()).toMatchObject([{ code, attempts: 2 }])
  })

  it('keeps what an error of its own says: code, context, and that it is of no use to try again', async () => {
    await room.start(tasks)
    const { a } = await room.ended(await room.submit(job('a', 'isolated.throws')))
    expect(a).toMatchObject({
      state: 'dead',
      attempts: 1,
      error: { code: 'CARD_DECLINED', message: 'the bank said no' },
    })
    const [letter] = await room.deadLetters()
    expect(letter).toMatchObject({ context: { card: 7 }, stack: expect.stringContaining('fixtures/isolated/tasks.ts') })
  })

  it('fails as any other with what a call of its context refused', async () => {
    await room.start(tasks)
    const { a } = await room.ended(await room.submit(job('a', 'isolated.refused')))
    expect(a).toMatchObject({ state: 'dead', attempts: 1, error: { code: 'MILLRACE_SPAWN_REFUSED' } })
  })

  it('hears its signal, with the reason', async () => {
    await room.start(tasks)
    const id = await room.submit(job('a', 'isolated.waits'))
    await room.begun(id, 'a')
    await cancelWorkflow(room.client, room.keys, id)
    await eventually(() => room.lines.find(({ msg }) => msg === 'heard the signal')?.['code']).toBe(
      'MILLRACE_CANCELLED',
    )
  })

  it('is ended when it ignores its signal: nothing runs on', async () => {
    const worker = await room.start(tasks, { graceMs: 300 })
    const id = await room.submit(job('a', 'isolated.ignores', { timeoutMs: 5_000 }))
    await room.begun(id, 'a')
    const pid = (await room.job(id, 'a'))?.progress as number
    const { a } = await room.ended(id)
    expect(a?.error?.code).toBe('MILLRACE_TASK_TIMEOUT')
    await until(() => !isAlive(pid))
    expect(worker.counts().ignored).toBe(0)
  })

  it('cannot be isolated when it was made in code: the worker does not start, and says why', async () => {
    const task = defineTask({ name: 'a', isolate: true }, () => 1)
    await expect(room.start([task])).rejects.toMatchObject({
      code: 'MILLRACE_TASKS_INVALID',
      message: expect.stringMatching(/"a".*loadTasks/),
    })
  })
})

describe('the process of an isolated task', () => {
  it.each(['waits', 'blocks'])('ends when its worker is killed with kill -9, even one that %s', async (name) => {
    const { url, keys } = room
    const worker = runWorker(['--tasks', FOLDER, '--redis', url, '--namespace', keys.namespace, '--json'])
    await worker.said('ready')
    const id = await room.submit(job('a', `isolated.${name}`))
    await room.begun(id, 'a')
    const pid = (await room.job(id, 'a'))?.progress as number
    expect(isAlive(pid)).toBe(true)
    if (name === 'blocks') await new Promise((resolve) => setTimeout(resolve, 500)) // its loop is busy from 0.3 s on
    worker.child.kill('SIGKILL')
    await worker.exited
    await until(() => !isAlive(pid), 5_000)
    expect(existsSync(`/proc/${pid}/status`)).toBe(false)
  })
})
