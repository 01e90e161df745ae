// A worker of raw BullMQ with its defaults, and the handlers that the tasks beside it have on the other side.
import { setTimeout as sleep } from 'node:timers/promises'
import { FlowProducer, type Job, Queue, Worker } from 'bullmq'
import { addSample, countRun, machineMs } from './tally.ts'
import { hangsHere } from './victim.ts'

export interface RawSettings {
  readonly url: string
  readonly prefix: string
  readonly queue: string
  readonly concurrency: number
}

const { url, prefix, queue: queueName, concurrency } = JSON.parse(process.argv[2] ?? '{}') as RawSettings
const connection = { url, maxRetriesPerRequest: null }
const lazily = <T>(make: () => T): (() => T) => {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
const flows = lazily(() => new FlowProducer({ connection, prefix }))
const queue = lazily(() => new Queue(queueName, { connection, prefix }))

const handlers: Record<string, (job: Job) => unknown> = {
  noop: () => undefined,
  sleep: (job) => sleep(job.data.ms as number),
  stamp: (job) => addSample('latency', machineMs() - job.data.addedMs),
  hang: () => hangsHere(),
  /** Gives the time at which it ended; one with a child notes how long ago that one ended. */
  relay: async (job) => {
    const [endedMs] = job.data.child ? Object.values(await job.getChildrenValues<number>()) : []
    if (endedMs !== undefined) addSample('release', machineMs() - endedMs)
    return machineMs()
  },
  /** The first job of a diamond: a flow is a tree, so the rest is added when this one runs. */
  diamond: async (job) => {
    const { data } = job
    const child = (name: string) => ({ name: 'noop', data: { ...data, name }, queueName })
    await flows().add({ name: 'noop', data, queueName, children: [child('b'), child('c')] })
  },
  /** One job with many dependents: they are added when it runs. */
  fanOut: async (job) => {
    const { data } = job
    await queue().addBulk(
      Array.from({ length: data.width }, (_, n) => ({ name: 'noop', data: { n, text: data.text } })),
    )
  },
}

const worker = new Worker(
  queueName,
  async (job) => {
    const handler = handlers[job.name]
    if (!handler) throw new Error(`there is no handler for "${job.name}"`)
    countRun()
    return await handler(job)
  },
  { connection, prefix, concurrency },
)
worker.on('error', (error) => console.error(error.message))
await worker.waitUntilReady()
console.log('ready')
