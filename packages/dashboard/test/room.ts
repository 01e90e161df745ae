import { setTimeout as sleep } from 'node:timers/promises'
import { createProducer, type Producer } from '@millrace/producer'
import {
  connectBroker,
  createLogger,
  driveReplays,
  type JobData,
  type Json,
  type PoolKeys,
  poolKeys,
  reportProgress,
} from '@millrace/shared'
import { engineBackend } from '@millrace/shared/engine'
import { brokerUrl, freshNamespace, until } from '@millrace/shared/testing'
import { type Job, UnrecoverableError, Worker } from 'bullmq'
import { type DashboardConfig, readConfig, startDashboard } from '../src/index.ts'

/** What a task does is a function of its name; a task without one gives its input back. */
type Work = (job: Job<JobData>, room: Pick<Room, 'broken'>) => Promise<Json>

export interface Room {
  readonly url: string
  readonly keys: PoolKeys
  readonly client: Awaited<ReturnType<typeof connectBroker>>
  readonly producer: Producer
  /** While it has entries, a job of the task `gate` fails for good. */
  readonly broken: Set<string>
  /** Lets jobs of the task `wait` end, those that begin later too. */
  release(): void
  /** What the dashboard has logged. */
  readonly lines: string[]
  /** Waits until the workflow is in this state. */
  until(id: string, state: string): Promise<void>
  close(): Promise<void>
}

/** A pool of its own with one worker on the engine itself, and a dashboard on a free port. */
export async function openRoom(settings: Record<string, string> = {}): Promise<Room> {
  const redis = brokerUrl()
  const namespace = freshNamespace()
  const keys = poolKeys(namespace)
  const client = await connectBroker({ url: redis, role: 'worker' })
  const producer = await createProducer({ connection: redis, namespace })
  const broken = new Set(['gate'])
  const released = Promise.withResolvers<void>()
  const tasks: Record<string, Work> = {
    gate: async ({ name }) => {
      if (broken.has(name)) throw new UnrecoverableError('the gate is shut')
      return { open: true }
    },
    hostile: async () => {
      throw new UnrecoverableError(
        '<img src=x onerror="document.title=`owned`"><script>document.title=`owned`</script>',
      )
    },
    slow: async () => {
      await sleep(200)
      return null
    },
    wait: async (job) => {
      await reportProgress(client, keys, { job, token: job.token ?? '' } as never, 40).catch(() => {})
      await released.promise
      return null
    },
  }
  const work = async (job: Job<JobData>) => (await tasks[job.name]?.(job, { broken })) ?? { of: job.data.job }
  const options = { prefix: keys.prefix, connection: client, concurrency: 20, lockDuration: 30_000, name: 'worker-1' }
  const worker = new Worker<JobData>('default', work, options, engineBackend(keys))
  worker.on('error', () => {})
  const lines: string[] = []
  const log = createLogger({ service: 'dashboard', destination: { write: (line) => lines.push(line) } })
  const replays = driveReplays({ client, keys, log })
  const config: DashboardConfig = readConfig({
    REDIS_URL: redis,
    MILLRACE_NAMESPACE: namespace,
    MILLRACE_DASHBOARD_PORT: '0',
    ...settings,
  })
  const dashboard = await startDashboard(config, log)
  return {
    url: dashboard.url,
    keys,
    client,
    producer,
    broken,
    release: released.resolve,
    lines,
    until: async (id, state) => void (await until(async () => (await producer.summary(id))?.state === state)),
    async close() {
      released.resolve()
      await dashboard.close()
      await replays.stop()
      await worker.close()
      await producer.close()
      client.disconnect()
    },
  }
}

/** A workflow whose middle fails until the gate is open. */
export const GATED = {
  name: 'release',
  jobs: {
    build: { task: 'build', with: { target: 'web' } },
    test: { task: 'test', needs: 'build' },
    check: { task: 'gate', needs: 'build', with: { gate: 'north' } },
    deploy: { task: 'deploy', needs: ['test', 'check'] },
    announce: { task: 'announce', needs: 'deploy' },
  },
} as const
