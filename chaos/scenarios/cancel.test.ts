import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createProducer } from '@millrace/producer'
import { type JobState, jobId, readSummary } from '@millrace/shared'
import { until } from '@millrace/shared/testing'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { childEnded, startChild } from '../stage/child.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { layered, openRandom, type Random, type Workload } from '../stage/workload.ts'

const [ID, HEARD_WITHIN_MS] = ['cancel', 1_000]
const CANCELLER = resolve(import.meta.dirname, '../stage/canceller.ts')

let pool: Pool
let random: Random
beforeEach(async (context) => {
  pool = await openPool()
  random = openRandom(`cancel, ${context.task.name}`)
})
afterEach(() => pool.close())

/** What had begun may be done, the rest is cancelled; nothing else. */
const ends = ({ jobs }: Workload) =>
  new Map(jobs.map(({ name }) => [jobId(ID, name), ['cancelled', 'succeeded'] as JobState[]]))

const running = () => {
  const count = (kind: string) => pool.history().filter((entry) => entry.kind === kind).length
  return count('started') - count('returned')
}

/** Waits until no job can run any more; gives when the workflow was cancelled. */
async function cancelled(): Promise<ReadonlyMap<string, number>> {
  const { finishedAt } = await until(async () => {
    const summary = await readSummary(pool.client, pool.keys, ID)
    const open = (summary?.jobs.runnable ?? 1) + (summary?.jobs.waiting ?? 1)
    return summary?.state === 'cancelled' && open === 0 ? summary : undefined
  }, 60_000)
  return new Map([[ID, finishedAt as number]])
}

describe('cancelling a workflow', () => {
  it('reaches running handlers of other processes within a second, and nothing begins after it', async () => {
    const fleet = pool.fleet(2)
    const workload = layered({ layers: 3, width: 400, mostMs: 10_000, failsOneIn: 0, polite: true }, random)
    await fleet.ready()
    await pool.submit(workload, ID)
    await until(() => running() === 16)
    const producer = await createProducer({ connection: pool.url, namespace: pool.keys.namespace })
    await producer.cancel(ID)
    await producer.close()
    const at = await cancelled()
    const cancels = { withinMs: HEARD_WITHIN_MS, at }
    expect(await pool.violations({ cancels }, ends(workload))).toEqual([])
    const heard = pool.history().filter(({ code }) => code === 'MILLRACE_CANCELLED')
    const slowest = Math.max(...heard.map((entry) => entry.at)) - (at.get(ID) as number)
    console.log(`cancel: ${heard.length} running handlers were told, the last after ${slowest} ms`)
    expect(heard.length).toBeGreaterThan(5)
  })

  it('is final, even if who cancels and who runs the jobs are killed with kill -9 in the middle', async () => {
    const settings = {
      MILLRACE_LOCK: '1s',
      MILLRACE_STALLED_EVERY: '300ms',
      MILLRACE_GRACE: '20s',
      MILLRACE_MAX_STALLS: '100',
    }
    const fleet = pool.fleet(2, { settings })
    const workload = layered({ layers: 3, width: 400, mostMs: 10_000, failsOneIn: 0 }, random)
    await fleet.ready()
    await pool.submit(workload, ID)
    await until(() => running() === 16)

    const canceller = startChild(process.execPath, [CANCELLER, pool.url, pool.keys.namespace, ID], { stdio: 'inherit' })
    await childEnded(canceller)
    expect(canceller.signalCode).toBe('SIGKILL')
    await sleep(HEARD_WITHIN_MS)
    for (const worker of [...fleet.workers]) fleet.signal('SIGKILL', worker)

    const cancels = { withinMs: HEARD_WITHIN_MS, at: await cancelled() }
    expect(await pool.violations({ cancels }, ends(workload))).toEqual([])
  }, 90_000)
})
