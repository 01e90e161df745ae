import {
  connectBroker,
  createLogger,
  type DeadLetter,
  ingest,
  type JobView,
  type PlannedJob,
  type PoolKeys,
  poolKeys,
  readSummary,
  readView,
  scanDeadLetters,
  type Task,
} from '@millrace/shared'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { expect } from 'vitest'
import { createWorker, type WorkerHandle, type WorkerOptions } from '../src/index.ts'

/** A line of the worker's log. */
export type Line = Readonly<Record<string, unknown>> & { readonly level: string; readonly msg: string }

interface SubmittedAs {
  readonly tenant?: string
  readonly onFailure?: 'skip' | 'hold'
}

export interface Room {
  readonly url: string
  readonly keys: PoolKeys
  readonly client: Awaited<ReturnType<typeof connectBroker>>
  /** Everything that the workers of this room have logged. */
  readonly lines: Line[]
  start(tasks: readonly Task[], options?: Partial<WorkerOptions>): Promise<WorkerHandle>
  /** Submits a workflow of these jobs and gives its id. */
  submit(...jobs: readonly PlannedJob[]): Promise<string>
  /** The same for one that has a tenant, or another way with failures. */
  submitAs(rest: SubmittedAs, ...jobs: readonly PlannedJob[]): Promise<string>
  /** Waits until the workflow has ended, and gives its jobs by name. */
  ended(id: string): Promise<Record<string, JobView>>
  job(id: string, name: string): Promise<JobView | undefined>
  /** Waits until a handler has said `ctx.progress(0)`. A job is active a moment before its handler runs. */
  begun(id: string, name: string): Promise<void>
  deadLetters(): Promise<DeadLetter[]>
  close(): Promise<void>
}

/** `expect.poll`, with the patience that a busy machine needs. */
export const eventually = <T>(look: () => T) => expect.poll(look, { timeout: 15_000, interval: 10 })

export const job = (name: string, task: string, rest: Partial<PlannedJob> = {}): PlannedJob => ({
  name,
  task,
  needs: [],
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

/** A pool of its own on the Redis of the test run. */
export async function openRoom(): Promise<Room> {
  const url = brokerUrl()
  const client = await connectBroker({ url, role: 'worker' })
  const keys = poolKeys(freshNamespace())
  const lines: Line[] = []
  const log = createLogger({
    service: 'worker',
    level: 'debug',
    destination: { write: (line) => lines.push(JSON.parse(line)) },
  })
  const workers: WorkerHandle[] = []
  const jobs = async (id: string) => (await readView(client, keys, id))?.jobList ?? []

  async function submitAs(rest: SubmittedAs, ...jobs: readonly PlannedJob[]): Promise<string> {
    const id = `w${Math.random().toString(36).slice(2)}`
    const plan = {
      name: 'test',
      priority: 'normal',
      onFailure: 'skip',
      deadlineMs: undefined,
      inputs: {},
      jobs,
      ...rest,
    } as const
    await ingest(client, keys, plan, { id })
    return id
  }

  return {
    url,
    keys,
    client,
    lines,
    async start(tasks, options = {}) {
      const worker = await createWorker({ tasks, connection: url, namespace: keys.namespace, log, ...options })
      workers.push(worker)
      return worker
    },
    submit: (...jobs) => submitAs({}, ...jobs),
    submitAs,
    async ended(id) {
      await until(async () => !['loading', 'running', undefined].includes((await readSummary(client, keys, id))?.state))
      return Object.fromEntries((await jobs(id)).map((view) => [view.name, view]))
    },
    job: async (id, name) => (await jobs(id)).find((view) => view.name === name),
    begun: async (id, name) => {
      await until(async () => (await jobs(id)).find((view) => view.name === name)?.progress !== undefined)
    },
    async deadLetters() {
      const letters: DeadLetter[] = []
      for await (const letter of scanDeadLetters(client, keys)) letters.push(letter)
      return letters
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.close()))
      client.disconnect()
    },
  }
}
