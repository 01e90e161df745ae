import { type Job, UnrecoverableError, Worker } from 'bullmq'
import type { Redis } from 'ioredis'
import type { GroupLimits } from '../../src/engine/group-commit.ts'
import { engineBackend } from '../../src/engine/index.ts'
import { connectBroker, ingest, type JobData, type PoolKeys, poolKeys, readSummary } from '../../src/index.ts'
import { brokerUrl, freshNamespace, until } from '../../src/testing/index.ts'
import type { Plan, PlannedJob } from '../../src/workflow/plan.ts'

/** A planned job with the defaults of a definition that says nothing else. */
export const job = (name: string, needs: readonly string[] = [], rest: Partial<PlannedJob> = {}): PlannedJob => ({
  name,
  task: 'work',
  needs,
  when: 'succeeded',
  with: undefined,
  foreach: undefined,
  uses: [],
  queue: 'default',
  priority: 'normal',
  delayMs: 0,
  timeoutMs: undefined,
  retry: undefined,
  ...rest,
})

export const plan = (jobs: readonly PlannedJob[], rest: Partial<Plan> = {}): Plan => ({
  name: 'test',
  priority: 'normal',
  onFailure: 'skip',
  deadlineMs: undefined,
  inputs: {},
  jobs,
  ...rest,
})

export interface Room {
  readonly client: Redis
  readonly keys: PoolKeys
  /** Job names in the order in which their attempts began. */
  readonly started: string[]
  /** Jobs that began before one of their needs had ended. */
  readonly early: string[]
  /** Jobs whose handler throws. */
  readonly failing: Set<string>
  submit(plan: Plan, id?: string): Promise<string>
  /** Resolves when the workflow has ended or is held. */
  settled(id: string): Promise<NonNullable<Awaited<ReturnType<typeof readSummary>>>>
  /** State of every job, by name. */
  close(): Promise<void>
}

/** A pool of its own: one namespace, one BullMQ worker on the engine, handlers that note what they see. */
export async function openRoom({
  concurrency = 8,
  queues = ['default'],
  handler = async (_job: Job<JobData>): Promise<unknown> => null,
  groups = undefined as GroupLimits | undefined,
} = {}): Promise<Room> {
  const client = await connectBroker({ url: brokerUrl(), role: 'worker' })
  const keys = poolKeys(freshNamespace())
  const started: string[] = []
  const early: string[] = []
  const ended = new Set<string>()
  const failing = new Set<string>()

  async function process(job: Job<JobData>): Promise<unknown> {
    const { workflow, job: name, needs } = job.data
    started.push(name)
    for (const [need, queue] of Object.entries(needs)) {
      const key = keys.job(queue, `${workflow}.${need}`)
      if (!(await client.hget(key, 'finishedOn'))) early.push(name)
    }
    if (failing.has(name)) throw new UnrecoverableError(`${name} fails`)
    const output = await handler(job)
    ended.add(name)
    return output
  }

  const workers = queues.map((queue) => {
    const options = { prefix: keys.prefix, connection: client, concurrency, lockDuration: 10_000 }
    const worker = new Worker<JobData>(queue, process, options, engineBackend(keys, { groups }))
    worker.on('error', (error) => {
      throw error
    })
    return worker
  })

  return {
    client,
    keys,
    started,
    early,
    failing,
    async submit(plan, id = `w${Math.random().toString(36).slice(2)}`) {
      await ingest(client, keys, plan, { id })
      return id
    },
    settled: (id) =>
      until(async () => {
        const summary = await readSummary(client, keys, id)
        const over = summary?.held || !['loading', 'running'].includes(summary?.state ?? '')
        return over ? summary : undefined
      }),
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      client.disconnect()
    },
  }
}
