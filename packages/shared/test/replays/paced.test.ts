import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  driveReplays,
  listReplays,
  orderReplay,
  readDeadLetter,
  readReplay,
  rehearseReplay,
  scanDeadLetters,
  startReplay,
} from '../../src/index.ts'
import { type Settled, stepReplay } from '../../src/replays/step.ts'
import { until } from '../../src/testing/index.ts'
import { job, openRoom, plan, type Room } from '../engine/room.ts'

let room: Room
const drivers: { stop(): Promise<void> }[] = []

beforeEach(async () => {
  room = await openRoom()
})
afterEach(async () => {
  await Promise.all(drivers.splice(0).map((driver) => driver.stop()))
  await room.close()
})

const log = { warn: () => {} }
const drive = () => {
  const driver = driveReplays({ client: room.client, keys: room.keys, log })
  drivers.push(driver)
  return driver
}
const ended = (id: string) =>
  until(async () => {
    const view = await readReplay(room.client, room.keys, id)
    return view?.state === 'done' || view?.state === 'stopped' ? view : undefined
  })
const names = (count: number) => Array.from({ length: count }, (_, i) => `j${i}`)

async function* newestFirst() {
  for await (const { id } of scanDeadLetters(room.client, room.keys)) yield id
}

const lettersLeft = async () => {
  let count = 0
  for await (const _ of newestFirst()) count++
  return count
}

/** A workflow of jobs that are all dead. */
async function bury(count: number): Promise<string> {
  for (const name of names(count)) room.failing.add(name)
  const id = await room.submit(plan(names(count).map((name) => job(name))))
  await room.settled(id)
  room.started.length = 0
  return id
}

describe('a paced replay', () => {
  it('replays every letter once, the oldest first, at its rate', async () => {
    const workflow = await bury(60)
    room.failing.clear()
    const begun = Date.now()
    const id = await startReplay(room.client, room.keys, newestFirst(), { ratePerSecond: 50, actor: 'ann' })
    drive()
    expect(await ended(id)).toMatchObject({
      ...{ state: 'done', actor: 'ann', total: 60, replayed: 60, succeeded: 60, failed: 0, left: 0 },
    })
    expect(Date.now() - begun).toBeGreaterThan(1_000)
    expect(room.started.toSorted()).toEqual(names(60).toSorted())
    expect(await room.settled(workflow)).toMatchObject({ state: 'succeeded' })
    expect(await listReplays(room.client, room.keys)).toMatchObject([{ id }])
  })

  it('stops after a canary that failed, and touches nothing else', async () => {
    await bury(30)
    const id = await startReplay(room.client, room.keys, newestFirst(), { canary: 5 })
    drive()
    const { replayed, ...view } = await ended(id)
    expect(view).toMatchObject({ state: 'stopped', why: 'canary', left: 30 - replayed })
    expect(replayed).toBeLessThanOrEqual(5)
    await until(async () => (await lettersLeft()) === 30)
    expect(room.started.length).toBeLessThanOrEqual(5)
    expect(new Set(room.started).size).toBe(room.started.length)
  })

  it('goes on when its canary has succeeded', async () => {
    await bury(30)
    room.failing.clear()
    const id = await startReplay(room.client, room.keys, newestFirst(), { canary: 5 })
    drive()
    expect(await ended(id)).toMatchObject({ state: 'done', canaryPassed: true, succeeded: 30 })
  })

  it('stops by itself when too many fail, and leaves the rest in the dead-letter queue', async () => {
    await bury(200)
    for (const name of names(200).slice(0, 20)) room.failing.delete(name)
    const stopIf = { percent: 20 }
    const id = await startReplay(room.client, room.keys, newestFirst(), { ratePerSecond: 100, stopIf })
    drive()
    const view = await ended(id)
    expect(view).toMatchObject({ state: 'stopped', why: 'failures', stopIf: 'failed>20%' })
    expect(view.replayed).toBeLessThan(150)
    expect(view.left).toBe(200 - view.replayed)
    await until(async () => room.started.length === view.replayed || undefined)
  })

  it('leaves alone what failed again meanwhile: two at once never replay one job twice', async () => {
    await bury(100)
    const ids = await Promise.all([
      startReplay(room.client, room.keys, newestFirst()),
      startReplay(room.client, room.keys, newestFirst()),
    ])
    drive()
    const views = await Promise.all(ids.map(ended))
    expect(views.reduce((sum, { replayed }) => sum + replayed, 0)).toBe(100)
    expect(views.reduce((sum, { gone }) => sum + gone, 0)).toBe(100)
    await until(async () => room.started.length >= 100 || undefined)
    expect(room.started.toSorted()).toEqual(names(100).toSorted())
  })

  it('loses and repeats nothing, whoever steps and however many steps are cut off', async () => {
    await bury(150)
    room.failing.clear()
    const id = await startReplay(room.client, room.keys, newestFirst(), { ratePerSecond: 200 })
    // steps whose results are never handed in, as of workers that are killed in the middle
    let kept: Settled[] = []
    await until(async () => {
      const settled = await stepReplay(room.client, room.keys, id, kept)
      kept = Math.random() < 0.2 ? [] : settled
      return (await readReplay(room.client, room.keys, id))?.state === 'done' || undefined
    }, 20_000)
    expect(await readReplay(room.client, room.keys, id)).toMatchObject({ replayed: 150, gone: 0, succeeded: 150 })
    expect(room.started.toSorted()).toEqual(names(150).toSorted())
  }, 30_000)

  it('pauses, resumes and stops on order', async () => {
    await bury(60)
    room.failing.clear()
    const id = await startReplay(room.client, room.keys, newestFirst(), { ratePerSecond: 50 })
    drive()
    await until(async () => room.started.length > 0 || undefined)
    expect(await orderReplay(room.client, room.keys, id, 'pause')).toBe(true)
    expect(await orderReplay(room.client, room.keys, id, 'pause')).toBe(false)
    const paused = await until(async () => {
      const view = await readReplay(room.client, room.keys, id)
      return view && view.succeeded === view.total - view.left ? view : undefined
    })
    expect(paused).toMatchObject({ state: 'paused' })
    expect(await orderReplay(room.client, room.keys, id, 'resume')).toBe(true)
    await until(async () => room.started.length > paused.replayed || undefined)
    expect(await orderReplay(room.client, room.keys, id, 'stop')).toBe(true)
    const view = await ended(id)
    expect(view).toMatchObject({ state: 'stopped', why: 'operator' })
    expect(await orderReplay(room.client, room.keys, 'nothing', 'stop')).toBeUndefined()
  })

  it('counts letters that are gone when it begins', async () => {
    const workflow = await bury(1)
    room.failing.clear()
    const id = await startReplay(room.client, room.keys, [`default~${workflow}.j0`, 'default~nothing.x'])
    drive()
    expect(await ended(id)).toMatchObject({ total: 2, replayed: 1, gone: 1, succeeded: 1 })
    expect(await readDeadLetter(room.client, room.keys, `default~${workflow}.j0`)).toBeUndefined()
  })
})

describe('a rehearsal', () => {
  it('says what a replay would do, dependents included, and does none of it', async () => {
    room.failing.add('a')
    const id = await room.submit(
      plan([job('a'), job('b', ['a']), job('c', ['b']), job('d', ['a'], { when: 'failed' })]),
    )
    await room.settled(id)
    const letters = scanDeadLetters(room.client, room.keys)
    expect(await rehearseReplay(room.client, room.keys, letters, 10)).toMatchObject({
      ...{ replayed: 1, refused: 0, unskipped: 2, durationMs: 100 },
      ...{ byTask: { work: 1 }, byQueue: { default: 1 } },
    })
    expect(await readDeadLetter(room.client, room.keys, `default~${id}.a`)).toBeDefined()
  })
})
