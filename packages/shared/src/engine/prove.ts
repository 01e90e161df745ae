import { randomUUID } from 'node:crypto'
import type { Job } from 'bullmq'
import type { Redis } from 'ioredis'
import { MillraceError } from '../errors/millrace-error.ts'
import { type PoolKeys, scratchKeys } from '../redis/keys.ts'
import { shippedScript } from '../redis/script.ts'
import { purgeWorkflow } from '../upkeep/purge.ts'
import { readSummary } from '../views/status.ts'
import type { Plan, PlannedJob } from '../workflow/plan.ts'
import { engineBackend, FINISH_KEYS } from './backend.ts'
import { ingest } from './ingest.ts'

/** The scripts we build on, with the number of keys whose order we rely on. */
const EXPECTED_KEYS = {
  moveToFinished: FINISH_KEYS,
  moveToActive: 11,
  addPrioritizedJob: 9,
  reprocessJob: 9,
  moveStalledJobsToWait: 9,
} as const

/**
 * Proves that the engine works with the BullMQ that is installed and the Redis that answers: its scripts take the keys we
 * pass, and a diamond of four jobs, run by hand under a scratch prefix, ends in order. About 20 round trips.
 *
 * @throws MillraceError MILLRACE_ENGINE_UNPROVEN; a worker must not start then.
 */
export async function proveEngine(client: Redis, keys: PoolKeys): Promise<void> {
  for (const [name, expected] of Object.entries(EXPECTED_KEYS)) {
    const { keys: found } = shippedScript(name)
    if (found !== expected) refuse(`bullmq's ${name} takes ${found} keys, expected ${expected}`)
  }
  const order = await runDiamond(client, keys).catch((error: unknown) =>
    refuse(`a diamond of four jobs could not be run: ${(error as Error).message}`, error),
  )
  if (!/^a(bc|cb)d succeeded$/.test(order))
    refuse(`a diamond of four jobs ended as "${order}", expected "abcd succeeded"`)
}

async function runDiamond(client: Redis, pool: PoolKeys): Promise<string> {
  const keys = scratchKeys(pool, randomUUID().slice(0, 8))
  const id = 'diamond'
  const options = { prefix: keys.prefix, connection: client, lockDuration: 10_000 }
  const backend = engineBackend(keys)('proof', options as never, {})
  backend.on('error', () => {}) // without a listener, a broken connection would end the process
  let order = ''
  try {
    await ingest(client, keys, diamond, { id })
    for (let step = 0; step < 4; step++) {
      const [data, jobId] = await backend.moveToActive('token', 'proof')
      if (!data || !jobId) break
      order += jobId.slice(id.length + 1)
      const job = { id: jobId, opts: { attempts: 1 } } as unknown as Job
      await backend.moveToCompleted(job, null, false, 'token', false)
    }
    return `${order} ${(await readSummary(client, keys, id))?.state}`
  } finally {
    await backend.close() // it would go on to listen to the connection that it was lent
    await purgeWorkflow(client, keys, id, Number.MAX_SAFE_INTEGER)
    const left = ['meta', 'id', 'events', 'marker', 'pc', 'stalled', 'completed'].map((type) =>
      keys.queue('proof', type),
    )
    await client.del(...left, keys.queues, keys.scheduling, keys.totals)
  }
}

const job = (name: string, needs: readonly string[]): PlannedJob => ({
  name,
  task: 'proof',
  needs,
  when: 'succeeded',
  with: undefined,
  foreach: undefined,
  uses: [],
  queue: 'proof',
  priority: 'normal',
  delayMs: 0,
  timeoutMs: undefined,
  retry: undefined,
})

const diamond: Plan = {
  name: 'diamond',
  priority: 'normal',
  onFailure: 'skip',
  deadlineMs: undefined,
  inputs: {},
  jobs: [job('a', []), job('b', ['a']), job('c', ['a']), job('d', ['b', 'c'])],
}

function refuse(reason: string, cause?: unknown): never {
  throw new MillraceError(
    'MILLRACE_ENGINE_UNPROVEN',
    `The engine could not prove itself: ${reason}. Install bullmq 6.7.0 exactly, on Redis 6.2 or later, with a user that is allowed what docs/configuration.md says.`,
    { cause },
  )
}
