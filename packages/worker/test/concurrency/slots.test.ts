import { setTimeout as sleep } from 'node:timers/promises'
import type { Json } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createSlots } from '../../src/concurrency/slots.ts'
import { defineTask } from '../../src/index.ts'
import { QueueWorker } from '../../src/runtime/queue-worker.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** Tasks that count how many of them run at once, and end when they are let go. */
function counted(...queues: string[]) {
  let [now, most] = [0, 0]
  const running = new Map<string, number>()
  const waiting = new Map<string, (() => void)[]>(queues.map((queue) => [queue, []]))
  const change = (queue: string, by: number) => {
    now += by
    most = Math.max(most, now)
    running.set(queue, (running.get(queue) ?? 0) + by)
  }
  const tasks = queues.map((queue) =>
    defineTask({ name: queue, queue }, async () => {
      change(queue, 1)
      await new Promise<void>((resolve) => waiting.get(queue)?.push(resolve))
      change(queue, -1)
    }),
  )
  const letGo = (queue: string, count = 1_000) => {
    for (const resolve of waiting.get(queue)?.splice(0, count) ?? []) resolve()
  }
  return { tasks, running: (queue: string) => running.get(queue) ?? 0, most: () => most, letGo }
}

const jobs = (queue: string, count: number) =>
  Array.from({ length: count }, (_, index) => job(`${queue}${index}`, queue, { queue }))

describe('the slots of a worker', () => {
  it('are one number over all its queues, and each idle queue keeps one ready', async () => {
    const { tasks, running, most, letGo } = counted('mail', 'reports')
    await room.start(tasks, { concurrency: 4 })
    const id = await room.submit(...jobs('mail', 12), ...jobs('reports', 6))
    await eventually(() => running('mail') + running('reports')).toBe(4)
    await sleep(300)
    expect(Math.min(running('mail'), running('reports'))).toBeGreaterThanOrEqual(1)
    const going = setInterval(() => (letGo('mail', 1), letGo('reports', 1)), 5)
    const views = await room.ended(id)
    clearInterval(going)
    expect(Object.values(views).every(({ state }) => state === 'succeeded')).toBe(true)
    expect(most()).toBeLessThanOrEqual(5) // a fetch that was under way when another queue took the slot
  })

  it('are not starved by the long jobs of another queue', async () => {
    const { tasks, running, letGo } = counted('long', 'short')
    await room.start(tasks, { concurrency: 3 })
    const long = await room.submit(...jobs('long', 5))
    await eventually(() => running('long')).toBe(2)
    const short = await room.submit(...jobs('short', 1))
    await eventually(() => running('short')).toBe(1)
    const going = setInterval(() => (letGo('long'), letGo('short')), 5)
    await room.ended(long)
    await room.ended(short)
    clearInterval(going)
  })

  it('can be raised while all are in use, without waiting for a job to end, and lowered without ending one', async () => {
    const { tasks, running, letGo } = counted('work')
    const slots = createSlots(2)
    const worker = await room.start(tasks, { concurrency: 1 }) // takes part, so that the room ends the workflow
    const prefix = room.keys.prefix
    const hands = new QueueWorker(
      'work',
      slots.share(0, async () => (await tasks[0]?.handler(null, {} as never)) as Json),
      {
        prefix,
        connection: room.client,
        autorun: false,
        concurrency: 1,
        stalledInterval: 60_000,
      },
    )
    slots.open([hands])
    void hands.run()
    await room.submit(...jobs('work', 20))
    await eventually(() => running('work')).toBe(3)
    slots.set(5, true)
    await eventually(() => running('work')).toBe(6)
    slots.set(1, true)
    letGo('work', 3)
    await eventually(() => running('work')).toBeLessThanOrEqual(4)
    slots.set(1, false)
    letGo('work')
    await eventually(() => running('work')).toBe(1) // the other worker's
    await sleep(200)
    expect(running('work')).toBe(1)
    slots.set(4, true)
    await eventually(() => running('work')).toBe(5)
    slots.close()
    const going = setInterval(() => letGo('work'), 5)
    await hands.close()
    await worker.drain()
    clearInterval(going)
  })
})

describe('a worker above its mark of memory', () => {
  it('takes nothing more and says so; with nothing running it goes on with its minimum', async () => {
    const done: number[] = []
    const task = defineTask({ name: 'work' }, () => void done.push(performance.now()))
    const worker = await room.start([task], { concurrency: { min: 1, max: 4 }, memoryHigh: 0.0001 })
    await eventually(() => room.lines.some(({ msg }) => msg.startsWith('no more jobs are taken'))).toBe(true)
    expect(worker.facts().slots).toMatchObject({ taking: false })
    const stopped = performance.now()
    const id = await room.submit(job('a', 'work'))
    await room.ended(id)
    expect((done[0] as number) - stopped).toBeGreaterThan(1_000) // it is looked at once a second, five times
    const again = room.lines.find(({ msg }) => msg === 'jobs are taken again')
    expect(again).toMatchObject({ reason: 'memory', concurrency: 1 })
    expect(worker.facts().moves.map(({ reason }) => reason)).toContain('memory')
  })

  it('drains what runs all the same', async () => {
    let ended = false
    const task = defineTask({ name: 'work' }, async (_, { progress }) => {
      await progress(0)
      await sleep(2_500)
      ended = true
    })
    const worker = await room.start([task], { memoryHigh: 0.0001 })
    const id = await room.submit(job('a', 'work'))
    await room.begun(id, 'a')
    await eventually(() => worker.facts().slots.taking).toBe(false)
    await worker.drain()
    expect([ended, (await room.job(id, 'a'))?.state]).toEqual([true, 'succeeded'])
  })
})
