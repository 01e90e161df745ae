import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { watchWorkflow } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { joinPool, type WorkerProcess } from '../../cli/process.ts'
import { job, openRoom, type Room } from '../../room.ts'

const SETTINGS = { MILLRACE_LOCK: '1s', MILLRACE_STALLED_EVERY: '200ms' }

let room: Room
let folder: string
let workers: WorkerProcess[]
beforeEach(async () => {
  room = await openRoom()
  folder = await mkdtemp(join(tmpdir(), 'millrace-effects-'))
  workers = []
})
afterEach(async () => {
  for (const { child } of workers) child.kill('SIGKILL')
  await Promise.all(workers.map(({ exited }) => exited))
  await room.close()
  await rm(folder, { recursive: true })
})

/** A worker process that runs until it is killed at this place, and a second one that goes on. */
async function killedAt(hangAt: string) {
  const history = join(folder, 'history')
  const start = () => {
    const worker = joinPool(room, SETTINGS)
    workers.push(worker)
    return worker
  }
  const first = start()
  const id = await room.submit(job('a', 'durable.pages', { with: { history, hangAt } }))
  await room.begun(id, 'a')
  first.child.kill('SIGKILL')
  await first.exited
  start()
  const { a } = await room.ended(id)
  const lines = (await readFile(history, 'utf8')).trim().split('\n')
  const effects = lines.map((line) => ({ page: Number(line.split(' ')[0]), key: line.split(' ')[1] }))
  const events = await Array.fromAsync(watchWorkflow(room.client, room.keys, id))
  return { a, effects, chunks: events.flatMap((event) => (event.kind === 'chunk' ? [event.chunk] : [])) }
}

describe('a job whose worker is killed with kill -9', () => {
  it('goes on behind its last checkpoint, on another worker', async () => {
    const { a, effects } = await killedAt('saved 2')
    expect(a).toMatchObject({ state: 'succeeded', output: { from: 3, attempt: 2 } })
    expect(effects.map(({ page }) => page)).toEqual([1, 2, 3])
  })

  it('does not repeat an effect that is recorded', async () => {
    const { a, effects } = await killedAt('recorded 2')
    expect(a?.output).toEqual({ from: 2, attempt: 2 })
    expect(effects.map(({ page }) => page)).toEqual([1, 2, 3])
  })

  it('repeats the one effect that had happened and was not recorded yet, with the same idempotency key', async () => {
    const { a, effects, chunks } = await killedAt('unrecorded 2')
    expect(a?.output).toEqual({ from: 2, attempt: 2 })
    expect(effects.map(({ page }) => page)).toEqual([1, 2, 2, 3])
    expect(effects[2]?.key).toBe(effects[1]?.key)
    expect(new Set(effects.map(({ key }) => key)).size).toBe(3)
    expect(chunks.slice(-2)).toEqual(['page 2', 'page 3']) // the first may have waited for others when it was killed
  })
})
