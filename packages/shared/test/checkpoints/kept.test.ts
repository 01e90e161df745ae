import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { connectBroker, type Kept, keptByJob, keptByWorkflow, poolKeys } from '../../src/index.ts'
import { brokerUrl, freshNamespace } from '../../src/testing/index.ts'
import { attemptsOf } from './attempts.ts'

const keys = poolKeys(freshNamespace())
let client: Awaited<ReturnType<typeof connectBroker>>
let workflows = 0
beforeAll(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterAll(() => client.disconnect())

const MOST = 1_000
const job = (name = 'a') => attemptsOf(client, keys, `w${workflows++}`, name)

describe('what a job keeps', () => {
  it('is there for its later attempts', async () => {
    const attempts = job()
    await keptByJob(client, keys, await attempts.begin(), MOST).keep('checkpoint', '{"page":3}')
    const later = keptByJob(client, keys, await attempts.begin(), MOST)
    expect(await later.recall('checkpoint')).toBe('{"page":3}')
    expect(await later.recall('other')).toBeUndefined()
  })

  it('is not changed or read by an attempt whose lock expired or was taken', async () => {
    const attempts = job()
    const older = keptByJob(client, keys, await attempts.begin(), MOST)
    await attempts.end()
    await expect(older.keep('checkpoint', '1')).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
    const newer = keptByJob(client, keys, await attempts.begin(), MOST)
    await newer.keep('checkpoint', '2')
    await expect(older.keep('checkpoint', '1')).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
    await expect(older.keepIf('checkpoint', '1', '2')).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
    await expect(older.recall('checkpoint')).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
    expect(await newer.recall('checkpoint')).toBe('2')
  })

  it('is not changed by an older attempt of the same worker slot, which has the same token', async () => {
    const attempts = job()
    const older = keptByJob(client, keys, await attempts.begin('slot 1'), MOST)
    const newer = keptByJob(client, keys, await attempts.begin('slot 1'), MOST)
    await newer.keep('checkpoint', '2')
    await expect(older.keep('checkpoint', '1')).rejects.toMatchObject({ code: 'MILLRACE_LOCK_LOST' })
  })

  it('is bounded: what would be too much is refused, what makes it less is not', async () => {
    const kept = keptByJob(client, keys, await job().begin(), 100)
    await kept.keep('checkpoint', '"x"'.padEnd(80))
    await expect(kept.keep('once/a', '"y"'.padEnd(20))).rejects.toThrow(
      /"once\/a", job w\d+\.a would keep 116 bytes; at most 100/,
    )
    expect(await kept.recall('once/a')).toBeUndefined()
    await kept.keep('checkpoint', '1')
    await kept.keep('once/a', '"y"'.padEnd(20))
    await kept.keep('once/a', undefined)
    expect(await kept.recall('once/a')).toBeUndefined()
    expect(await client.hget(keys.kept('default', `w${workflows - 1}.a`), 'bytes')).toBe(`${'checkpoint'.length + 1}`)
  })

  it('is never what an older attempt saved after a newer one began: random interleavings', async () => {
    const step = fc.oneof(
      fc.constant({ kind: 'begin' } as const),
      fc.constant({ kind: 'expire' } as const),
      fc.record({ kind: fc.constant('save' as const), attempt: fc.nat() }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), fc.constantFrom('one', 'each'), async (steps, tokens) => {
        const attempts = job()
        const begun: Kept[] = []
        let holder = -1
        let expected: string | undefined
        for (const [at, { kind, ...rest }] of steps.entries()) {
          if (kind === 'begin') {
            const locked = await attempts.begin(tokens === 'one' ? 'slot' : undefined)
            begun.push(keptByJob(client, keys, locked, MOST))
            holder = begun.length - 1
          } else if (kind === 'expire') {
            await attempts.end()
            holder = -1
          } else if (begun.length > 0) {
            const attempt = (rest as { attempt: number }).attempt % begun.length
            const value = `"${attempt} at ${at}"`
            const saved = await begun[attempt]?.keep('checkpoint', value).then(
              () => true,
              () => false,
            )
            expect(saved).toBe(attempt === holder)
            if (saved) expected = value
          }
        }
        const last = keptByJob(client, keys, await attempts.begin(), MOST)
        expect(await last.recall('checkpoint')).toBe(expected)
      }),
      { numRuns: 100 },
    )
  })
})

describe('what the jobs of a workflow share', () => {
  it('is seen by all of them, and swapped only by who knows what is there', async () => {
    const [a, b] = ['a', 'b'].map((name) => attemptsOf(client, keys, 'shared', name))
    const one = keptByWorkflow(client, keys, (await a?.begin()) as never, MOST)
    const two = keptByWorkflow(client, keys, (await b?.begin()) as never, MOST)
    expect(await one.keepIf('key/n', '1', undefined)).toEqual({ kept: true })
    expect(await two.keepIf('key/n', '5', undefined)).toEqual({ kept: false, there: '1' })
    expect(await two.keepIf('key/n', '2', '1')).toEqual({ kept: true })
    expect(await one.keepIf('key/n', undefined, '2')).toEqual({ kept: true })
    expect(await two.keepIf('key/n', '3', '2')).toEqual({ kept: false, there: undefined })
  })
})
