import { connectBroker, createLogger, type LockedJob, openSignals, poolKeys, readBreakers } from '@millrace/shared'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createCircuits, type Pass } from '../../src/policies/circuits.ts'

const rule = { count: { kind: 'consecutive', failures: 2 }, halfOpenAfterMs: 20, maxHalfOpenAfterMs: 40 } as const
const slow = { ...rule, halfOpenAfterMs: 60_000, maxHalfOpenAfterMs: 60_000 }
const attempt = { job: { id: 'a', queueName: 'default', attemptsStarted: 1, attemptsMade: 0 }, token: 't' } as LockedJob
const log = createLogger({ service: 'worker', level: 'silent' })
const keys = poolKeys(freshNamespace())

let client: Awaited<ReturnType<typeof connectBroker>>
beforeEach(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
})
afterEach(() => client.disconnect())

describe('a worker that lost Redis', () => {
  it('goes on with its own breaker: it opens, lets one probe through, and closes', async () => {
    const circuits = createCircuits({ client, keys, worker: 'alone', log })
    const breaker = circuits.of('stripe', rule)
    const pass = circuits.pass(breaker, false) as Pass
    client.disconnect()
    await until(() => client.status !== 'ready')

    for (const _ of [1, 2]) circuits.tell(pass, attempt, 'failed', 'no answer')
    expect(circuits.pass(breaker, false)).toBeUndefined()
    await until(() => circuits.pass(breaker, false) === 'ask')
    const probe = await circuits.ask(breaker, attempt)
    expect(probe?.probe).toBe(true)
    expect(await circuits.ask(breaker, attempt)).toBeUndefined()
    await circuits.tell(probe as Pass, attempt, 'failed', 'no answer')
    expect(breaker.opening?.openings).toBe(2)

    await until(() => circuits.pass(breaker, false) === 'ask')
    await circuits.tell((await circuits.ask(breaker, attempt)) as Pass, attempt, 'answered', '')
    expect(circuits.pass(breaker, false)).toMatchObject({ probe: false })
    expect(circuits.counts()['stripe']).toMatchObject({ opened: 2, closed: 1, probes: 2, probesFailed: 1 })
  })

  it('tells the others when Redis is back', async () => {
    const signals = openSignals(client)
    const circuits = createCircuits({ client, keys, worker: 'back', log })
    const breaker = circuits.of('mail', slow)
    const watching = await circuits.start(signals, () => {})
    const pass = circuits.pass(breaker, false) as Pass
    client.disconnect()
    await until(() => client.status !== 'ready')
    for (const _ of [1, 2]) circuits.tell(pass, attempt, 'failed', 'no answer')
    await client.connect()
    await until(async () => (await readBreakers(client, keys)).has('mail'))
    expect((await readBreakers(client, keys)).get('mail')).toMatchObject({ by: 'back', why: 'no answer' })
    watching.stop()
    signals.stop()
  })
})
