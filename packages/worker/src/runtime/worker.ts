import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  connectBroker,
  createBatch,
  engineBackend,
  type JobData,
  type LockedJob,
  type Logger,
  openSignals,
  poolKeys,
  proveEngine,
  sweepPool,
  type Task,
} from '@millrace/shared'
import { Worker } from 'bullmq'
import type { WorkerConfig } from '../config.ts'
import { createRegistry } from '../tasks/registry.ts'
import { announce } from './announce.ts'
import { trackRunning } from './attempt.ts'
import { lookForCancelled, onCancelled } from './cancellations.ts'
import { drain } from './drain.ts'
import { reportErrors } from './errors.ts'
import { execute } from './execute.ts'
import { createGates } from './gates.ts'
import { watchLocks } from './lock.ts'
import { sendMeasured } from './measured.ts'
import { backoffStrategy } from './retry-plan.ts'
import type { Room } from './room.ts'
import { createTally, type Tally } from './tally.ts'
import { within } from './within.ts'

/** How long Redis may take to hear that a worker is gone. */
const FAREWELL_MS = 1_000

export interface WorkerHandle {
  readonly name: string
  readonly queues: readonly string[]
  readonly tasks: readonly string[]
  /** Attempts running now, and what became of the others since the start. */
  counts(): Readonly<Tally> & { readonly running: number }
  /**
   * Takes nothing more, waits for what runs, hands back what is not done in time, and ends the worker. Called again, it
   * may shorten the wait of the first call: `drain(0)` aborts at once.
   */
  drain(drainMs?: number): Promise<void>
  /** `drain(0)`. */
  close(): Promise<void>
}

/**
 * Starts a worker in this process; it runs jobs from now on.
 *
 * @throws MillraceError MILLRACE_TASKS_INVALID, MILLRACE_BROKER_UNREACHABLE, or MILLRACE_ENGINE_UNPROVEN when this Redis
 *   and this BullMQ do not work together as they must.
 */
export async function startWorker(list: readonly Task[], config: WorkerConfig, logger: Logger): Promise<WorkerHandle> {
  const tasks = createRegistry(list)
  const { queues = tasks.queues, name = `${hostname()}-${process.pid}`, drainMs, lockMs } = config
  const keys = poolKeys(config.namespace)
  const log = logger.child({ worker: name })

  const client = await connectBroker({ url: config.redisUrl, role: 'worker' })
  const running = trackRunning(log)
  const tally = createTally()
  const gates = createGates([])
  const measured = createBatch()
  const { graceMs, maxOutputBytes, maxKeptBytes } = config
  const limits = { lockMs, graceMs, maxOutputBytes, maxKeptBytes }
  const room: Room = { client, keys, tasks, running, gates, tally, measured, log, ...limits }
  const services: { stop(): void | Promise<void> }[] = []
  const workers: Worker<JobData>[] = []
  const end = async () => {
    await within(Promise.all(services.map(async (service) => service.stop())), FAREWELL_MS) // Redis may be gone
    client.disconnect()
  }
  try {
    await proveEngine(client, keys)
    const signals = openSignals(client)
    services.push(signals)
    await onCancelled(signals, keys, running)
    services.push(await announce(client, keys, tasks.all, `${name}/${randomUUID().slice(0, 8)}`))
    services.push(sweepPool({ client, keys, log }))
    for (const queue of queues) workers.push(openQueue(queue, room, config, name))
    services.push(sendMeasured(client, keys, measured))
    services.push(watchLocks(workers, running, lockMs))
    await Promise.all(workers.map((worker) => worker.waitUntilReady()))
  } catch (error) {
    await Promise.all(workers.map((worker) => worker.close(true)))
    await end()
    throw error
  }
  for (const worker of workers) void worker.run()

  const hurry = new AbortController()
  let ending: Promise<void> | undefined
  function drainOnce(within = drainMs): Promise<void> {
    if (ending && within === 0) hurry.abort()
    ending ??= drain({ workers, running, log, drainMs: within, graceMs, hurry: hurry.signal }).then(end)
    return ending
  }
  return {
    name,
    queues: [...queues],
    tasks: tasks.all.map((task) => task.name),
    counts: () => ({ ...tally, running: running.size }),
    drain: drainOnce,
    close: () => drainOnce(0),
  }
}

function openQueue(queue: string, room: Room, config: WorkerConfig, name: string): Worker<JobData> {
  const worker: Worker<JobData> = new Worker<JobData>(
    queue,
    (job, token) => execute({ job, token } as LockedJob, room),
    {
      prefix: room.keys.prefix,
      connection: room.client,
      name,
      autorun: false,
      concurrency: config.concurrency,
      lockDuration: config.lockMs, // renewed at half
      stalledInterval: config.stalledEveryMs,
      maxStalledCount: config.maxStalls,
      settings: { backoffStrategy },
    },
    engineBackend(room.keys, { freeSlots: () => freeSlots(worker) }),
  )
  // a listener for every worker: without one Node ends the process
  lookForCancelled(worker, room.client, room.keys, room.running)
  worker.on('error', reportErrors(room.log.child({ queue })))
  return worker
}

/** Slots for which BullMQ's main loop will ask one after another; it keeps count of the others in a queue of promises. */
function freeSlots(worker: Worker): number {
  const { mainLoopQueue } = worker as unknown as { mainLoopQueue?: { numTotal(): number } | null }
  return mainLoopQueue ? worker.concurrency - mainLoopQueue.numTotal() : 1
}
