import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readLots, readWorkers, type WorkerView } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { joinPool, type WorkerProcess } from '../cli/process.ts'
import { job, openRoom, type Room } from '../room.ts'

let room: Room
let processes: WorkerProcess[]
let folder: string
beforeEach(async () => {
  room = await openRoom()
  processes = []
  folder = mkdtempSync(join(tmpdir(), 'millrace-health-'))
})
afterEach(async () => {
  for (const { child } of processes) child.kill('SIGKILL')
  await Promise.all(processes.map(({ exited }) => exited))
  await room.close()
  rmSync(folder, { recursive: true })
})

async function start(name: string, env: NodeJS.ProcessEnv): Promise<WorkerProcess> {
  const worker = joinPool(room, env, '--name', name, '--concurrency', '2')
  processes.push(worker)
  await worker.said('ready')
  return worker
}

const posts = (count: number) => Array.from({ length: count }, (_, index) => job(`p${index}`, 'ledger.post'))
const seen = async (name: string): Promise<WorkerView | undefined> =>
  (await readWorkers(room.client, room.keys)).find((worker) => worker.name === name)

describe('a worker with a broken environment, beside a good one', () => {
  it('leaves the task to the good one, spends no more attempts, and recovers by itself', async () => {
    const key = join(folder, 'key')
    const good = await start('good', { LEDGER_KEY: 'secret' })
    await room.ended(await room.submit(...posts(2)))
    await until(async () => (await seen('good'))?.succeeded['ledger.post'])

    const broken = await start('broken', { LEDGER_KEY_FILE: key })
    const first = await room.ended(await room.submit(...posts(60)))
    expect(Object.values(first).filter(({ state }) => state !== 'succeeded')).toEqual([])
    await broken.said('the task fails here and succeeds on other workers: its jobs are left to them')
    await until(async () => (await seen('broken'))?.unhealthy[0]?.task === 'ledger.post')
    expect((await seen('good'))?.unhealthy).toEqual([])

    const failures = () => broken.lines.filter(({ msg }) => msg.startsWith('the attempt failed')).length
    const before = failures()
    const second = await room.ended(await room.submit(...posts(60)))
    expect(Object.values(second).every(({ state, worker }) => state === 'succeeded' && worker === 'good')).toBe(true)
    expect(failures()).toBe(before) // it parked what it took: no attempt was spent there

    writeFileSync(key, 'secret')
    const third = until(async () => {
      await room.ended(await room.submit(...posts(4)))
      return broken.lines.some(({ msg }) => msg === 'jobs of the task are taken again')
    }, 50_000)
    await third
    await until(async () => (await seen('broken'))?.unhealthy.length === 0)
    expect(good.child.exitCode).toBeNull()
    await until(async () => (await readLots(room.client, room.keys)).length === 0)
  }, 90_000)
})

describe('a task that fails on every worker', () => {
  it("is nobody's illness: its jobs are buried as ever", async () => {
    const broken = defineTask({ name: 'ledger.post', retry: 1 }, () => {
      throw new Error('down')
    })
    const workers = [await room.start([broken]), await room.start([broken])]
    const views = await room.ended(await room.submit(...posts(20)))
    expect(Object.values(views).every(({ state }) => state === 'dead')).toBe(true)
    expect(workers.flatMap((worker) => worker.facts().unhealthy)).toEqual([])
  })

  it('is not left to others for long because it did well there until a moment ago', async () => {
    let down = false
    const post = defineTask({ name: 'ledger.post', retry: 1 }, () => {
      if (down) throw new Error('down')
      return 1
    })
    const workers = [await room.start([post]), await room.start([post])]
    await until(async () => {
      await room.ended(await room.submit(...posts(8)))
      return workers.every((worker) => worker.facts().succeeded['ledger.post'])
    })
    down = true
    await until(async () => {
      await room.ended(await room.submit(...posts(8)))
      return workers.every((worker) => worker.facts().succeeded['ledger.post'] === undefined)
    })
    await room.ended(await room.submit(...posts(40)))
    expect(workers.flatMap((worker) => worker.facts().unhealthy)).toEqual([])
  })

  it('has not succeeded because a worker made a job of it for each item', async () => {
    const broken = defineTask({ name: 'ledger.post', retry: 1 }, () => {
      throw new Error('down')
    })
    const worker = await room.start([broken])
    const foreach = Array.from({ length: 8 }, (_, index) => index)
    await room.ended(await room.submit(job('p', 'ledger.post', { foreach })))
    expect(worker.facts().succeeded).toEqual({})
  })
})

describe('a heartbeat', () => {
  it('says how the worker is', async () => {
    const worker = await room.start([defineTask({ name: 'a', description: 'x'.repeat(1_000) }, () => 1)], {
      name: 'one',
      concurrency: { min: 2, max: 16 },
    })
    const view = await seen('one')
    expect(view).toMatchObject({
      name: 'one',
      pid: process.pid,
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      queues: ['default'],
      slots: { limit: 8, min: 2, max: 16, active: 0, taking: true },
      breakers: [],
      unhealthy: [],
    })
    expect(view?.tasks[0]?.description).toHaveLength(200)
    expect(view?.memory.rssBytes).toBeGreaterThan(10_000_000)
    expect(Math.abs(Date.now() - (view?.startedAt ?? 0))).toBeLessThan(10_000)
    await worker.drain()
    expect(await seen('one')).toBeUndefined()
  })
})
