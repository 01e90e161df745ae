import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connectBroker, ingest, type JobState, jobId, type PoolKeys, poolKeys, readSummary } from '@millrace/shared'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { plan } from '../../packages/shared/test/engine/room.ts'
import { check } from '../checker/check.ts'
import type { Run, Violation } from '../checker/violation.ts'
import type { Entry } from '../history/entry.ts'
import { readHistory } from '../history/file.ts'
import { keepAllEvents, type Recorded, readRecorded } from '../history/recorded.ts'
import { type Fleet, startFleet } from './workers.ts'
import { needsById, type Workload } from './workload.ts'

interface FleetOptions {
  readonly settings?: Readonly<Record<string, string>>
  readonly concurrency?: number
  /** Default `default`: only tasks that may take their worker down are in another one. */
  readonly queues?: string
  /** Where the workers find Redis, when it is not where the scenario does. */
  readonly url?: string
}

/** A pool of its own, everything that was submitted to it, and what handlers noted. */
export interface Pool {
  readonly url: string
  readonly keys: PoolKeys
  readonly client: Awaited<ReturnType<typeof connectBroker>>
  fleet(count: number, options?: FleetOptions): Fleet
  /** @returns when it was submitted, in ms since 1970. */
  submit(workload: Workload, id: string): Promise<number>
  /** Resolves when every workflow that was submitted has ended. */
  ended(withinMs: number): Promise<void>
  history(): Entry[]
  recorded(): Promise<Recorded>
  violations(also?: Pick<Run, 'patience' | 'cancels' | 'replayed'>, expected?: Run['expected']): Promise<Violation[]>
  close(): Promise<void>
}

/** Opens a pool on the Redis of the test run, or on another one. */
export async function openPool(url: string = brokerUrl()): Promise<Pool> {
  const keys = poolKeys(freshNamespace())
  const client = await connectBroker({ url, role: 'worker' })
  const folder = mkdtempSync(join(tmpdir(), 'millrace-chaos-'))
  const file = join(folder, 'history.jsonl')
  const submitted = new Map<string, Workload>()
  const fleets: Fleet[] = []
  await keepAllEvents(client, keys)

  const recorded = () => readRecorded(client, keys, [...submitted.keys()])
  return {
    url,
    keys,
    client,
    fleet(count, { settings = {}, concurrency = 8, queues = 'default', url: brokerAt = url } = {}) {
      const env = { REDIS_URL: brokerAt, CHAOS_HISTORY: file, ...settings }
      const args = ['--json', '--namespace', keys.namespace, '--concurrency', `${concurrency}`, '--queues', queues]
      const fleet = startFleet(count, env, args)
      fleets.push(fleet)
      return fleet
    },
    async submit(workload, id) {
      submitted.set(id, workload)
      const at = Date.now()
      await ingest(client, keys, plan(workload.jobs), { id })
      return at
    },
    async ended(withinMs) {
      const deadline = Date.now() + withinMs
      for (const id of submitted.keys()) {
        const over = async () => (await readSummary(client, keys, id))?.finishedAt
        await until(over, Math.max(0, deadline - Date.now()))
      }
    },
    history: () => readHistory(file),
    recorded,
    async violations(also = {}, expected = expectations(submitted)) {
      return check({
        ...also,
        history: readHistory(file),
        recorded: await recorded(),
        expected,
        needs: new Map([...submitted].flatMap(([id, { jobs }]) => needsById(id, jobs))),
      })
    },
    async close() {
      for (const fleet of fleets) await fleet.end()
      client.disconnect()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

function expectations(submitted: ReadonlyMap<string, Workload>): Map<string, readonly JobState[]> {
  const each = [...submitted].flatMap(([id, { ends }]) =>
    Object.entries(ends).map(([name, end]) => [jobId(id, name), [end]] as const),
  )
  return new Map(each)
}
