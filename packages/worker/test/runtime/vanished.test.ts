import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineTask } from '../../src/index.ts'
import { joinPool, type WorkerProcess } from '../cli/process.ts'
import { job, openRoom, type Room } from '../room.ts'

const LOCK_MS = 2_000

let room: Room
let processes: WorkerProcess[]
let folder: string
beforeEach(async () => {
  room = await openRoom()
  processes = []
  folder = mkdtempSync(join(tmpdir(), 'millrace-vanished-'))
})
afterEach(async () => {
  for (const { child } of processes) child.kill('SIGKILL')
  await Promise.all(processes.map(({ exited }) => exited))
  await room.close()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<WorkerProcess> {
  const worker = joinPool(room, { MILLRACE_LOCK: `${LOCK_MS}` }, '--concurrency', '4')
  processes.push(worker)
  await worker.said('ready')
  return worker
}

describe('jobs of a worker that vanished', () => {
  it.each([0, 700, 1_500])('are back within twice the time of a lock, killed %d ms after they began', async (ms) => {
    const worker = await start()
    const names = ['a', 'b', 'c', 'd']
    const id = await room.submit(...names.map((name) => job(name, 'sleep.politely', { with: { ms: 60_000 } })))
    for (const name of names) await room.begun(id, name)
    const startedAt: number[] = []
    const task = defineTask({ name: 'sleep.politely' }, () => void startedAt.push(Date.now()))
    await room.start([task], { lockMs: LOCK_MS }) // it looks for lost jobs at its own pace, whenever the other is killed
    await new Promise((resolve) => setTimeout(resolve, ms))
    worker.child.kill('SIGKILL')
    const killedAt = Date.now()
    await room.ended(id)
    const took = startedAt.map((at) => at - killedAt)
    expect(took).toHaveLength(names.length)
    expect(Math.max(...took)).toBeLessThan(2 * LOCK_MS)
  })
})

describe('a job that has taken two workers down', () => {
  it('is buried and not given to a third, whatever its attempts before failed with', async () => {
    const log = join(folder, 'log')
    const workers = await Promise.all([start(), start(), start()])
    const id = await room.submit(job('a', 'crash.kill', { with: { log } }))
    expect((await room.ended(id))['a']).toMatchObject({ state: 'dead', error: { code: 'MILLRACE_STALLED' } })
    expect(await room.deadLetters()).toMatchObject([
      { code: 'MILLRACE_STALLED', message: expect.stringMatching(/vanished while they ran this job: 2\./) },
    ])
    const ran = readFileSync(log, 'utf8').trim().split('\n')
    expect(ran).toHaveLength(3) // one that failed, and two that ended their workers
    expect(workers.filter(({ child }) => child.signalCode === null)).toHaveLength(1)
  })
})
