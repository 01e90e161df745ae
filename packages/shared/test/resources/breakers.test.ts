import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  closeBreaker,
  connectBroker,
  hearBreaker,
  type LockedJob,
  openBreaker,
  poolKeys,
  readBreakers,
  returnProbe,
  takeProbe,
} from '../../src/index.ts'
import { brokerUrl, freshNamespace, until } from '../../src/testing/index.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let keys = poolKeys(freshNamespace())
beforeEach(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
  keys = poolKeys(freshNamespace())
})
afterEach(() => client.disconnect())

const opening = (halfOpenInMs: number, openings = 1) => ({
  ...{ name: 'stripe', openings, halfOpenInMs },
  ...{ by: 'worker-1', why: 'no answer' },
})

/** An attempt that holds the lock of its job. */
async function attempt(id: string, waited = false): Promise<LockedJob> {
  const job = { id, queueName: 'default', attemptsStarted: waited ? 2 : 1, attemptsMade: 0 }
  const locked = { job, token: `token-${id}` } as LockedJob
  await client.set(`${keys.job('default', id)}:lock`, locked.token)
  return locked
}
const loseLock = (id: string) => client.del(`${keys.job('default', id)}:lock`)
const answer = async (who?: LockedJob) => (await takeProbe(client, keys, 'stripe', who)).answer
const dueAtOnce = () => openBreaker(client, keys, opening(0), 'count')

describe('a breaker of the pool', () => {
  it('is opened by the first who asks; the others are told what he said', async () => {
    const first = await openBreaker(client, keys, opening(60_000), 'count')
    const second = await openBreaker(client, keys, { ...opening(1_000), by: 'worker-2' }, 'count')
    expect(second).toEqual({ ...first, halfOpenInMs: expect.any(Number) })
    expect((await readBreakers(client, keys)).get('stripe')).toMatchObject({ by: 'worker-1', why: 'no answer' })
  })

  it('tells everybody who listens when it opens and closes', async () => {
    const listener = client.duplicate()
    const heard: ReturnType<typeof hearBreaker>[] = []
    await listener.subscribe(keys.breakerSignals)
    listener.on('message', (_, message: string) => heard.push(hearBreaker(message)))
    await openBreaker(client, keys, opening(60_000), 'count')
    await closeBreaker(client, keys, 'stripe', 'hand')
    await until(() => heard.length === 2)
    expect(heard[0]).toMatchObject({ name: 'stripe', state: { openings: 1, by: 'worker-1' } })
    expect(heard[0]?.state?.halfOpenInMs).toBeGreaterThan(59_000)
    expect(heard[1]).toEqual({ name: 'stripe', state: undefined })
    listener.disconnect()
  })

  it('lets nobody probe before its time, or when it was opened by hand for good', async () => {
    await openBreaker(client, keys, opening(60_000), 'count')
    expect(await answer(await attempt('a'))).toBe('open')
    await openBreaker(client, keys, opening(Number.POSITIVE_INFINITY), 'hand')
    expect(await takeProbe(client, keys, 'stripe')).toMatchObject({
      answer: 'open',
      state: { halfOpenInMs: Number.POSITIVE_INFINITY },
    })
  })

  it('lets one attempt probe, and another when that one has lost its lock or given up', async () => {
    await dueAtOnce()
    const [a, b] = [await attempt('a'), await attempt('b')]
    expect([await answer(a), await answer(b), await answer(a), await answer()]).toEqual([
      ...['granted', 'taken', 'granted', 'taken'],
    ])
    await loseLock('a')
    expect(await answer(b)).toBe('granted')
    expect(await returnProbe(client, keys, 'stripe', a)).toBe(false)
    expect(await returnProbe(client, keys, 'stripe', b)).toBe(true)
    expect(await answer()).toBe('granted')
  })

  it('keeps the probe for the job that was called, and calls one', async () => {
    await dueAtOnce()
    expect([await answer(), await answer(), await answer(await attempt('new'))]).toEqual(['granted', 'taken', 'taken'])
    expect(await answer(await attempt('called', true))).toBe('granted')
  })

  it('hears only the attempt that probes: one that was overtaken neither closes nor opens it', async () => {
    await dueAtOnce()
    const [stale, probe] = [await attempt('a'), await attempt('b')]
    await answer(stale)
    await loseLock('a')
    await answer(probe)
    expect(await closeBreaker(client, keys, 'stripe', stale)).toBe(false)
    expect(await openBreaker(client, keys, opening(1_000, 2), stale)).toMatchObject({ openings: 1 })
    expect(await openBreaker(client, keys, opening(1_000, 2), probe)).toMatchObject({ openings: 2 })
    expect(await answer(probe)).toBe('open')
    await openBreaker(client, keys, opening(0, 3), 'hand')
    await answer(probe)
    expect(await closeBreaker(client, keys, 'stripe', probe)).toBe(true)
    expect(await answer(probe)).toBe('closed')
    expect(await openBreaker(client, keys, opening(1_000), probe)).toBeUndefined()
    expect((await readBreakers(client, keys)).size).toBe(0)
  })
})
