import { WaitingError, Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineBackend } from '../../src/engine/index.ts'
import {
  callForProbe,
  callWaiting,
  closeBreaker,
  connectBroker,
  ingest,
  type JobData,
  openBreaker,
  parkJob,
  poolKeys,
  readLots,
} from '../../src/index.ts'
import { brokerUrl, freshNamespace, until } from '../../src/testing/index.ts'
import { job, plan } from '../engine/room.ts'

let client: Awaited<ReturnType<typeof connectBroker>>
let keys = poolKeys(freshNamespace())
let worker: Worker<JobData> | undefined
beforeEach(async () => {
  client = await connectBroker({ url: brokerUrl(), role: 'worker' })
  keys = poolKeys(freshNamespace())
})
afterEach(async () => {
  await worker?.close()
  client.disconnect()
})

/** Parks each job once, in the lot that its input names, and notes in which order they come back. */
function park(): string[] {
  const back: string[] = []
  worker = new Worker<JobData>(
    'default',
    async (job, token) => {
      if (job.attemptsStarted > 1) return void back.push(job.data.job)
      const parking = { lot: String(job.data.with), delayMs: 60_000, why: 'it must wait' }
      await parkJob(client, keys, { job, token: token as string }, parking)
      throw new WaitingError()
    },
    { prefix: keys.prefix, connection: client },
    engineBackend(keys),
  )
  return back
}
const parked = async () => (await readLots(client, keys)).reduce((sum, { jobs }) => sum + jobs, 0)

describe('jobs that wait for a resource', () => {
  it('are called when its breaker is closed, those without a slot before those that the breaker had kept', async () => {
    const back = park()
    const at = (name: string, lot: string) => job(name, [], { with: `${lot}/stripe` })
    await ingest(client, keys, plan([at('a', 'breaker'), at('b', 'bulkhead'), at('c', 'breaker')]), { id: 'w' })
    await until(async () => (await parked()) === 3)

    const opening = { name: 'stripe', openings: 1, halfOpenInMs: 60_000, by: 'w', why: 'no answer' }
    await openBreaker(client, keys, opening, 'count')
    expect(await callWaiting(client, keys, 'stripe', 3)).toBe(0)
    await closeBreaker(client, keys, 'stripe', 'hand')

    expect(await callWaiting(client, keys, 'stripe', 1)).toBe(1)
    await until(() => back.length === 1)
    expect(back).toEqual(['b'])
    expect(await callWaiting(client, keys, 'stripe', 5)).toBe(2)
    await until(() => back.length === 3)
    expect(back).toEqual(['b', 'a', 'c'])
    expect(await parked()).toBe(0)
  })

  it('are called one by one to probe, another one after each probe that failed', async () => {
    const back = park()
    const jobs = ['a', 'b', 'c'].map((name) => job(name, [], { with: 'breaker/stripe' }))
    await ingest(client, keys, plan(jobs), { id: 'w' })
    await until(async () => (await parked()) === 3)
    expect(await callForProbe(client, keys, 'stripe')).toBe(false) // it is closed

    // two probes have failed: the third of those who wait is asked, by the first worker whose timer rings
    const opening = { name: 'stripe', openings: 3, halfOpenInMs: 0, by: 'w', why: 'no answer' }
    await openBreaker(client, keys, opening, 'hand')
    const called = await Promise.all([1, 2, 3].map(() => callForProbe(client, keys, 'stripe')))
    expect(called.filter(Boolean).length).toBe(1)
    await until(() => back.length > 0)
    expect(back).toEqual(['c'])
    expect(await parked()).toBe(2)
  })
})
