import { type Job, WaitingError, Worker } from 'bullmq'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { engineBackend } from '../../src/engine/index.ts'
import {
  cancelWorkflow,
  connectBroker,
  ingest,
  type JobData,
  parkJob,
  poolKeys,
  readLots,
  readSummary,
  tidyLots,
  unparkJobs,
} from '../../src/index.ts'
import { brokerUrl, freshNamespace, until } from '../../src/testing/index.ts'
import { job, plan } from '../engine/room.ts'

const lot = 'breaker/stripe'
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

/** A worker that parks every job as long as the lot is shut, and notes the order in which the others ran. */
function work({ delayMs = 60_000, concurrency = 1 } = {}) {
  const state = { shut: true, takes: 0, ran: [] as string[], refusals: [] as string[], attempts: [] as number[] }
  worker = new Worker<JobData>(
    'default',
    async (job: Job<JobData>, token) => {
      state.takes++
      if (state.shut) {
        const parking = { lot, delayMs, why: 'the breaker is open' }
        await parkJob(client, keys, { job, token: token as string }, parking).catch((error) => {
          state.refusals.push(error.code)
          throw error
        })
        throw new WaitingError()
      }
      state.ran.push(job.data.job)
      state.attempts.push(job.attemptsMade)
    },
    { prefix: keys.prefix, connection: client, concurrency },
    engineBackend(keys),
  )
  worker.on('error', () => {})
  return state
}

describe('a job that may not start now', () => {
  it('is parked, counted and visible, and has spent no attempt when it runs', async () => {
    const state = work()
    await ingest(client, keys, plan([job('a'), job('b')]), { id: 'parked' })
    await until(async () => (await readLots(client, keys))[0]?.jobs === 2)
    expect(await readLots(client, keys)).toEqual([{ lot, jobs: 2, lastParkedAt: expect.any(Number) }])
    expect(await client.hmget(keys.job('default', 'parked.a'), 'lot', 'why', 'parkings')).toEqual([
      lot,
      'the breaker is open',
      '1',
    ])
    state.shut = false
    expect(await unparkJobs(client, keys, lot)).toBe(2)
    await until(() => state.ran.length === 2)
    expect(state.takes).toBe(4)
    expect(state.attempts).toEqual([0, 0])
    expect(await readLots(client, keys)).toEqual([])
  })

  it('comes back by itself when its delay is over', async () => {
    const state = work({ delayMs: 30 })
    await ingest(client, keys, plan([job('a')]), { id: 'back' })
    await until(() => state.takes > 2)
    state.shut = false
    await until(() => state.ran.includes('a'))
  })

  it('comes back in its place: the most urgent first, as many as are called', async () => {
    const state = work()
    const jobs = [job('low', [], { priority: 'low' }), job('high', [], { priority: 'high' }), job('normal')]
    await ingest(client, keys, plan(jobs), { id: 'order' })
    await until(async () => (await readLots(client, keys))[0]?.jobs === 3)
    state.shut = false
    expect(await unparkJobs(client, keys, lot, 1)).toBe(1)
    await until(() => state.ran.length === 1)
    expect(state.ran).toEqual(['high'])
    expect(await unparkJobs(client, keys, lot)).toBe(2)
    await until(() => state.ran.length === 3)
    expect(state.ran).toEqual(['high', 'normal', 'low'])
  })

  it('is not parked when its workflow was cancelled meanwhile, so that it can end', async () => {
    const state = { refused: '' }
    worker = new Worker<JobData>(
      'default',
      async (job, token) => {
        await cancelWorkflow(client, keys, 'cancelled')
        const parking = { lot, delayMs: 1_000, why: 'no' }
        await parkJob(client, keys, { job, token: token as string }, parking).catch((error) => {
          state.refused = error.code
          throw error
        })
      },
      { prefix: keys.prefix, connection: client },
      engineBackend(keys),
    )
    await ingest(client, keys, plan([job('a')]), { id: 'cancelled' })
    await until(() => state.refused === 'MILLRACE_CANCELLED')
    await until(async () => (await readSummary(client, keys, 'cancelled'))?.jobs.runnable === 0)
  })
})

describe('a lot', () => {
  it('forgets jobs that came back by themselves, and keeps those that wait', async () => {
    const state = work({ delayMs: 50 })
    await ingest(client, keys, plan([job('early')]), { id: 'back' })
    await until(async () => (await readLots(client, keys))[0]?.jobs === 1)
    state.shut = false
    await until(() => state.ran.includes('early'))
    expect(await readLots(client, keys)).toHaveLength(1) // nobody called it
    expect(await tidyLots(client, keys)).toBe(1)
    expect(await readLots(client, keys)).toEqual([])
    await worker?.close()

    const waiting = work()
    await ingest(client, keys, plan([job('late')]), { id: 'waits' })
    await until(async () => (await readLots(client, keys))[0]?.jobs === 1)
    expect(await tidyLots(client, keys)).toBe(0)
    expect(await readLots(client, keys)).toMatchObject([{ lot, jobs: 1 }])
    expect(waiting.ran).toEqual([])
  })
})
