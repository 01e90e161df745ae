import {
  driveReplays,
  type Heartbeat,
  type LockedJob,
  type Logger,
  openSignals,
  publishInputSchemas,
  type Resource,
  serveOps,
  sweepPool,
  type Task,
} from '@millrace/shared'
import { proveEngine } from '@millrace/shared/engine'
import { execute } from '../attempt/execute.ts'
import { watchLocks } from '../attempt/lock.ts'
import { within } from '../attempt/within.ts'
import type { WorkerConfig } from '../config.ts'
import { onCancelled } from '../control/cancellations.ts'
import { sendMeasured } from '../observability/measured.ts'
import type { Tally } from '../observability/tally.ts'
import { inputSchemaOf } from '../tasks/input-schema.ts'
import { announce } from './announce.ts'
import { drain } from './drain.ts'
import { openQueue } from './open-queue.ts'
import { makeParts, type Parts } from './parts.ts'
import type { QueueWorker } from './queue-worker.ts'
import { readinessChecks } from './readiness.ts'

/** How long Redis may take to hear that a worker is gone. */
const FAREWELL_MS = 1_000

export interface WorkerHandle {
  readonly name: string
  readonly queues: readonly string[]
  readonly tasks: readonly string[]
  /** Attempts running now, and what became of the others since the start. */
  counts(): Readonly<Tally> & { readonly running: number }
  /** What its heartbeats say, as it is now: slots, moves, CPU, memory and the rest. */
  facts(): Heartbeat
  /** Its series and those of its process, in the text format of Prometheus: for a server of your own. */
  metrics(): Promise<string>
  /** Where `/metrics`, `/livez` and `/readyz` are served, if they are. */
  readonly httpPort: number | undefined
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
export async function startWorker(
  list: readonly Task[],
  config: WorkerConfig,
  logger: Logger,
  resources: readonly Resource[] = [],
): Promise<WorkerHandle> {
  const parts = await makeParts(list, config, logger, resources)
  const { name, queues, tasks, log, client, tracing, running, tally, slots, facts, stage, metrics } = parts
  const services = parts.begun
  const workers: QueueWorker[] = []
  const end = async () => {
    await within(Promise.all(services.map(async (service) => service.stop())), FAREWELL_MS) // Redis may be gone
    await tracing?.stop()
    client.disconnect()
  }
  let httpPort: number | undefined
  try {
    if (config.httpPort !== undefined) {
      const checks = readinessChecks(client, () => stage.now)
      const ops = await serveOps(config.httpPort, { registry: metrics, checks, host: config.httpHost })
      services.push(ops)
      httpPort = ops.port
    }
    await proveEngine(client, parts.keys)
    for await (const service of startServices(parts)) services.push(service)
    for (const [index, queue] of queues.entries()) workers.push(workOn(queue, index, parts))
    slots.open(workers)
    services.push(watchLocks(workers, running, config.lockMs))
    await Promise.all(workers.map((worker) => worker.waitUntilReady()))
  } catch (error) {
    slots.close()
    await Promise.all(workers.map((worker) => worker.close(true)))
    await end()
    throw error
  }
  for (const worker of workers) void worker.run()
  stage.now = 'running'

  const hurry = new AbortController()
  let ending: Promise<void> | undefined
  function drainOnce(drainMs = config.drainMs): Promise<void> {
    if (ending && drainMs === 0) hurry.abort()
    stage.now = 'draining: nothing more is taken'
    slots.close() // from here on only the drain decides what is taken
    ending ??= drain({ workers, running, log, drainMs, graceMs: config.graceMs, hurry: hurry.signal }).then(end)
    return ending
  }
  return {
    name,
    queues: [...queues],
    tasks: tasks.all.map((task) => task.name),
    facts,
    metrics: () => metrics.text(),
    httpPort,
    counts: () => ({ ...tally, running: running.size }),
    drain: drainOnce,
    close: () => drainOnce(0),
  }
}

/** What a worker does besides running jobs: it listens, tells the pool of itself, and keeps the pool whole. */
async function* startServices(parts: Parts): AsyncGenerator<{ stop(): void | Promise<void> }> {
  const { client, keys, log, running, guards, timeLimits, control, announcement, measured } = parts
  const signals = openSignals(client)
  yield signals
  await onCancelled(signals, client, keys, running)
  yield await guards.start(signals)
  yield await timeLimits.follow(signals)
  announcement.now = await announce(client, keys, parts.workerId, parts.facts, parts.health.review)
  yield announcement.now
  const inputs = new Map(parts.tasks.all.map((task) => [task.name, inputSchemaOf(task)]))
  await publishInputSchemas(client, keys, parts.version, inputs)
  yield await control.follow(signals)
  yield sweepPool({ client, keys, log })
  yield driveReplays({ client, keys, log })
  yield sendMeasured(client, keys, measured)
}

function workOn(queue: string, index: number, { slots, room, stalled, config, name }: Parts): QueueWorker {
  const work = slots.share(index, (locked: LockedJob) => execute(locked, room))
  const worker = openQueue(queue, work, room, config, name)
  worker.on('stalled', () => stalled.set(queue, (stalled.get(queue) ?? 0) + 1))
  return worker
}
