import { readLots } from '@millrace/shared'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { defineTask } from '../../src/index.ts'
import { eventually, job, openRoom, type Room } from '../room.ts'

let room: Room
beforeEach(async () => {
  room = await openRoom()
})
afterEach(() => room.close())

/** A promise, and the function that fulfils it. */
function gate() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open: () => open() }
}

/** Jobs that are parked would come back by themselves: lets them wait until somebody calls them. */
async function waitForCall() {
  const delayed = room.keys.queue('default', 'delayed')
  for (const id of await room.client.zrange(delayed, '0', '-1')) {
    await room.client.zincrby(delayed, 600_000 * 0x1000, id) // BullMQ keeps the time in the upper bits
  }
}

describe('a task that caches', () => {
  it('runs its handler once for equal inputs and needs, and gives all of them its output', async () => {
    const ran: unknown[] = []
    const echo = defineTask({ name: 'echo' }, (input) => input)
    const render = defineTask({ name: 'render', cache: { ttl: '1m' } }, (input, { needs }) => {
      ran.push(input)
      return { input, needs }
    })
    const worker = await room.start([echo, render])
    const run = async (text: string, need: string) => {
      const first = job('n', 'echo', { with: need })
      const id = await room.submit(first, job('a', 'render', { with: { text }, needs: ['n'] }))
      return (await room.ended(id))['a']?.output
    }
    expect(await run('x', 'one')).toEqual(await run('x', 'one'))
    await run('x', 'two')
    await run('y', 'one')
    expect(ran).toHaveLength(3)
    expect(worker.counts()).toMatchObject({ cached: 1, succeeded: 8 })
    expect(room.lines.filter(({ msg }) => msg === 'the output of an equal job is used')).toHaveLength(1)
  })

  it('may say what its outputs depend on, and that they are others now', async () => {
    let ran = 0
    const fetch = (version: number) =>
      defineTask(
        {
          name: 'fetch',
          input: z.object({ url: z.string(), why: z.string() }),
          cache: { ttl: '1m', version, key: ({ url }) => url },
        },
        () => ++ran,
      )
    const worker = await room.start([fetch(1)])
    const run = async (url: string, why: string) =>
      (await room.ended(await room.submit(job('a', 'fetch', { with: { url, why } }))))['a']?.output
    expect([await run('u', 'one'), await run('u', 'two'), await run('v', 'one')]).toEqual([1, 1, 2])
    await worker.close()
    await room.start([fetch(2)])
    expect(await run('u', 'one')).toBe(3)
  })

  it('computes once what many want at the same time: the others stand in a lot and hold no slot', async () => {
    let ran = 0
    const { opened, open } = gate()
    const slow = defineTask({ name: 'slow', cache: { ttl: '1m' } }, async () => {
      ran++
      await opened
      return 'done'
    })
    const other = defineTask({ name: 'other' }, () => 'ran')
    await room.start([slow, other], { concurrency: 2 })
    const names = Array.from({ length: 10 }, (_, index) => `s${index}`)
    const id = await room.submit(...names.map((name) => job(name, 'slow')))
    await eventually(async () => (await readLots(room.client, room.keys)).map(({ jobs }) => jobs)).toEqual([9])
    const { o } = await room.ended(await room.submit(job('o', 'other'))) // a slot is free
    expect(o?.output).toBe('ran')
    await waitForCall()
    open()
    const jobs = await room.ended(id)
    expect(Object.values(jobs).map(({ output }) => output)).toEqual(names.map(() => 'done'))
    const spent = names.map((name) => room.client.hget(room.keys.job('default', `${id}.${name}`), 'atm'))
    expect(await Promise.all(spent)).toEqual(names.map(() => '1'))
    expect(ran).toBe(1)
  })

  it('keeps no failure: the next of those that wait tries', async () => {
    const ran: string[] = []
    const { opened, open } = gate()
    const fails = defineTask({ name: 'fails', cache: { ttl: '1m' }, retry: 1 }, async (_, ctx) => {
      ran.push(ctx.job.name)
      await opened
      if (ran.length < 3) throw new Error('boom')
      return 'at last'
    })
    await room.start([fails])
    const id = await room.submit(...['a', 'b', 'c', 'd'].map((name) => job(name, 'fails')))
    await eventually(async () => (await readLots(room.client, room.keys)).map(({ jobs }) => jobs)).toEqual([3])
    await waitForCall()
    open()
    const states = Object.values(await room.ended(id)).map(({ state }) => state)
    expect(states.toSorted()).toEqual(['dead', 'dead', 'succeeded', 'succeeded'])
    expect(ran).toHaveLength(3)
  })

  it('calls those that were put aside just when the output came, as soon as anybody asks again', async () => {
    await room.start([defineTask({ name: 'slow', cache: { ttl: '1m' } }, () => 'done')])
    const late = await room.submit(job('a', 'slow', { delayMs: 600_000 }))
    await room.ended(await room.submit(job('a', 'slow')))
    const [entry = ''] = (await room.client.keys(room.keys.cached('slow', '*'))).map((key) => key.split('/').at(-1))
    const lot = `cache/slow-${entry}`
    await room.client.hset(room.keys.job('default', `${late}.a`), 'lot', lot)
    await room.client.zadd(room.keys.lot(lot), 0, `default:${late}.a`)
    await room.ended(await room.submit(job('a', 'slow')))
    expect((await room.ended(late))['a']?.output).toBe('done')
  })

  it('does not keep the output of a job that spawned: its work is in what it spawned', async () => {
    let ran = 0
    const leaf = defineTask({ name: 'leaf' }, () => {})
    const spawns = defineTask({ name: 'spawns', cache: { ttl: '1m' } }, async (_, ctx) => {
      ran++
      await ctx.spawn({ leaf: { task: 'leaf' } })
    })
    await room.start([spawns, leaf])
    await room.ended(await room.submit(job('a', 'spawns')))
    await room.ended(await room.submit(job('a', 'spawns')))
    expect(ran).toBe(2)
  })

  it('runs without the cache when its inputs cannot be compared', async () => {
    let ran = 0
    const odd = defineTask({ name: 'odd', cache: { ttl: '1m', key: () => new Map() } }, () => ++ran)
    await room.start([odd])
    await room.ended(await room.submit(job('a', 'odd')))
    expect((await room.ended(await room.submit(job('a', 'odd'))))['a']?.output).toBe(2)
    expect(room.lines.some(({ problems }) => String(problems).includes('a Map'))).toBe(true)
  })
})

describe('a task that caches by similarity', () => {
  const seen: unknown[] = []
  const near = (embed: (input: { degrees: number }) => number[]) =>
    defineTask(
      { name: 'near', input: z.object({ degrees: z.number() }), cache: { ttl: '1m', embed } },
      ({ degrees }, { similar }) => {
        seen.push(similar)
        return `for ${degrees}`
      },
    )
  const run = async (degrees: number) =>
    (await room.ended(await room.submit(job('a', 'near', { with: { degrees } }))))['a']?.output
  beforeEach(() => void seen.splice(0))

  it('reuses the output of a job that is much alike, shows one that is somewhat alike, and ignores others', async () => {
    const worker = await room.start([
      near(({ degrees }) => [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)]),
    ])
    expect(await run(0)).toBe('for 0')
    expect(await run(10)).toBe('for 0') // cos 10° = 0.985
    expect(await run(25)).toBe('for 25') // cos 25° = 0.906
    expect(await run(80)).toBe('for 80')
    const similar = { input: { degrees: 0 }, output: 'for 0', similarity: expect.closeTo(0.906, 3) }
    expect(seen).toEqual([undefined, similar, undefined])
    expect(worker.counts().cached).toBe(1)
  })

  it('runs all the same when its embedder fails', async () => {
    await room.start([near(() => [])])
    expect(await run(1)).toBe('for 1')
    expect(room.lines.find(({ msg }) => msg.startsWith('similar jobs could not'))).toMatchObject({ level: 'warn' })
  })
})

describe('a cache', () => {
  it('is refused with everything that is wrong with it', () => {
    const declare = () =>
      defineTask(
        { name: 'bad', cache: { ttl: 'soon', key: 1, version: 'a b', adapt: 0.99, tll: 1 } as never },
        () => {},
      )
    expect(declare).toThrow(/cache\.tll is no field/)
    expect(declare).toThrow(/cache\.key is 1; give a function/)
    expect(declare).toThrow(/cache\.version is "a b"/)
    expect(declare).toThrow(/cache\.adapt is 0\.99 and cache\.reuse 0\.95/)
    expect(declare).toThrow(/cache\.adapt need cache\.embed/)
    expect(declare).toThrow(/cache\.ttl is "soon"/)
  })
})
