import { describe, expect, it, vi } from 'vitest'
import { createRpc, type Rpc } from '../../src/isolation/rpc.ts'

/** Two processes: what one has, as the other sees it. Messages are copied as between processes. */
function pair() {
  const here: Rpc = createRpc((message) => queueMicrotask(() => there.receive(structuredClone(message))))
  const there: Rpc = createRpc((message) => queueMicrotask(() => here.receive(structuredClone(message))))
  return { here, there, across: <T>(value: T): any => there.decode(structuredClone(here.encode(value))) }
}

class Stripe {
  readonly #name = 'stripe'
  async execute<T>(call: (name: string) => Promise<T>): Promise<T> {
    return await call(this.#name)
  }
}

describe('what crosses between two processes', () => {
  it('is copied when it is data, dates and bytes among it', () => {
    const value = { a: [1, { b: null }], at: new Date(7), bytes: new Uint8Array([1, 2]), none: undefined }
    expect(pair().across(value)).toEqual(value)
  })

  it('may refer to itself', () => {
    const value: { self?: unknown; list: unknown[] } = { list: [] }
    value.self = value
    value.list.push(value)
    const seen = pair().across(value)
    expect([seen.self === seen, seen.list[0] === seen]).toEqual([true, true])
  })

  it('is called where it is when it is a function, with its owner', async () => {
    const store = { value: 1, async save(state: number) { this.value = state } } // biome-ignore format: short
    const ctx = pair().across({ checkpoint: store })
    await ctx.checkpoint.save(5)
    expect(store.value).toBe(5)
  })

  it('may be given a function, and calls it over there', async () => {
    const once = async (key: string, effect: () => Promise<number>) => `${key}: ${await effect()}`
    const ctx = pair().across({ once })
    const effect = vi.fn(async () => 42)
    expect(await ctx.once('charge', effect)).toBe('charge: 42')
    expect(effect).toHaveBeenCalledOnce()
  })

  it('gives objects whose methods can be called at once, as in one process', async () => {
    const ctx = pair().across({ resource: () => new Stripe() })
    expect(await ctx.resource('stripe').execute(async (name: string) => `called ${name}`)).toBe('called stripe')
    const logger = pair().across({ log: new (class { child = () => ({ info: (text: string) => text }) })() }) // biome-ignore format: short
    expect(await logger.log.child({}).info('hello')).toBe('hello')
  })

  it('keeps the name, the code, the context and the cause of an error', async () => {
    const error = Object.assign(new RangeError('no', { cause: new Error('why') }), { code: 'E', context: { a: 1 } })
    const ctx = pair().across({ fail: () => Promise.reject(error) })
    const seen = await ctx.fail().catch((thrown: unknown) => thrown)
    expect(seen).toMatchObject({
      name: 'RangeError',
      message: 'no',
      code: 'E',
      context: { a: 1 },
      cause: { message: 'why' },
    })
  })

  it('is the same error again when it comes back: what it is an instance of decides about the job', async () => {
    const { here, there, across } = pair()
    const error = new (class Parked extends Error {})('later')
    const ctx = across({ fail: () => Promise.reject(error) })
    const seen = await ctx.fail().catch((thrown: unknown) => thrown)
    expect(here.decode(structuredClone(there.encode(seen)))).toBe(error)
  })

  it('is a signal again when it is one, and aborted with its reason when it is aborted where it came from', async () => {
    const { across } = pair()
    const controller = new AbortController()
    const ctx = across({ call: (fn: (how: { signal: AbortSignal }) => unknown) => fn({ signal: controller.signal }) })
    const seen: AbortSignal = await new Promise((resolve) =>
      ctx.call(({ signal }: { signal: AbortSignal }) => resolve(signal)),
    )
    expect([seen instanceof AbortSignal, seen.aborted]).toEqual([true, false])
    controller.abort(new Error('enough'))
    await vi.waitFor(() => expect(seen.reason).toMatchObject({ message: 'enough' }))
    expect(across(AbortSignal.abort('before')).reason).toBe('before')
  })

  it('is not waited for any longer when the other process is gone', async () => {
    const { there, across } = pair()
    const ctx = across({ never: () => new Promise(() => {}) })
    const call = ctx.never()
    there.end(new Error('gone'))
    await expect(Promise.resolve(call)).rejects.toThrow('gone')
  })
})
