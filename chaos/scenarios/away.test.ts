import { setTimeout as sleep } from 'node:timers/promises'
import { createProducer, type Producer } from '@millrace/producer'
import { until } from '@millrace/shared/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Violation } from '../checker/violation.ts'
import { begun } from '../history/begun.ts'
import { atWorkAgain } from '../stage/at-work-again.ts'
import { type Door, openDoor } from '../stage/door.ts'
import { openPool, type Pool } from '../stage/pool.ts'
import { type Server, serverProgram, startServer } from '../stage/server.ts'
import { layered, openRandom } from '../stage/workload.ts'

const AWAY_MS = 30_000

/** How Redis goes away, and comes back. */
const WAYS: Record<
  string,
  { leave(server: Server, door: Door): unknown; comeBack(server: Server, door: Door): unknown }
> = {
  'breaks its connections and refuses new ones': {
    leave: (_, door) => door.shut(),
    comeBack: (_, door) => door.open(),
  },
  'keeps its connections open and does not answer': {
    leave: (server) => server.freeze(),
    comeBack: (server) => server.thaw(),
  },
}

/** How a promise fails, with its code and after which time. */
async function failure(attempt: () => Promise<unknown>): Promise<{ code: unknown; ms: number }> {
  const begun = performance.now()
  const code = await attempt().then(
    () => 'no failure',
    (error: Error & { code?: string }) => error.code ?? String(error),
  )
  return { code, ms: performance.now() - begun }
}

// side by side: each is half a minute of waiting
describe.skipIf(!serverProgram).concurrent.each(Object.keys(WAYS))('a Redis that for 30 s %s', (way) => {
  let server: Server
  let door: Door
  let pool: Pool
  let producer: Producer
  let pids: readonly number[]
  let backAtWork: readonly number[]
  let violations: Violation[]
  let failures: { code: unknown; ms: number }[]

  beforeAll(async () => {
    server = await startServer()
    door = await openDoor(server.port)
    pool = await openPool(server.url)
    const fleet = pool.fleet(2, { url: door.url }) // with the default settings
    await fleet.ready()
    pids = fleet.workers.map(({ pid }) => pid)
    producer = await createProducer({ connection: door.url, namespace: pool.keys.namespace })
    await pool.submit(layered({ layers: 10, width: 16, mostMs: 1_000 }, openRandom(`away, ${way}`)), 'away')
    await until(() => begun(pool.history()).length >= 30)

    await WAYS[way]?.leave(server, door)
    const away = sleep(AWAY_MS)
    failures = await Promise.all([
      failure(() => createProducer({ connection: door.url })),
      failure(() => producer.submit({ name: 'x', jobs: { a: { task: 'chaos.work' } } })),
      failure(() => producer.get('away')),
    ])
    await away
    await WAYS[way]?.comeBack(server, door)

    backAtWork = await atWorkAgain(pool, pids, 60_000)
    await pool.ended(60_000)
    violations = await pool.violations()
    await fleet.end()
  }, 150_000)
  afterAll(async () => {
    await producer?.close()
    await pool?.close()
    await door?.close()
    await server?.close()
  })

  it('takes no job with it, and no result is recorded twice', () => {
    expect(violations).toEqual([])
  })

  it('is found again by workers that ran all the time', () => {
    expect(backAtWork).toEqual(pids)
  })

  it('makes a producer say so in time, whether it is new or has been connected', () => {
    expect(failures.map(({ code }) => code)).toEqual(failures.map(() => 'MILLRACE_BROKER_UNREACHABLE'))
    for (const { ms } of failures) expect(ms).toBeLessThan(12_000) // a command may take 10 s
  })
})
