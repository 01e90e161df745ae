import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  connectBroker,
  createBatch,
  createRegistry as createMetrics,
  type Logger,
  openTracing,
  poolKeys,
  processSamples,
  type Resource,
  type Task,
} from '@millrace/shared'
import { trackRunning } from '../attempt/attempt.ts'
import { createGates } from '../attempt/gates.ts'
import type { Room } from '../attempt/room.ts'
import { firstLimit } from '../concurrency/range.ts'
import { createSlots } from '../concurrency/slots.ts'
import { tune } from '../concurrency/tune.ts'
import type { WorkerConfig } from '../config.ts'
import { createControl } from '../control/control.ts'
import { createTimeLimits } from '../control/time-limits.ts'
import { memoryGate } from '../health/memory-gate.ts'
import { watchHealth } from '../health/watch.ts'
import { isolateTasks } from '../isolation/isolate.ts'
import { countAttempts } from '../observability/attempt-counts.ts'
import { trackFailures } from '../observability/failures.ts'
import { createTally } from '../observability/tally.ts'
import { traceAttempts } from '../observability/trace-attempts.ts'
import { workerSamples } from '../observability/worker-samples.ts'
import { createCircuits } from '../policies/circuits.ts'
import { createGuards } from '../policies/guards.ts'
import { createRegistry } from '../tasks/registry.ts'
import { PACKAGE_VERSION } from '../version.ts'
import type { Announcement } from './announce.ts'
import type { Stage } from './readiness.ts'
import { vitals } from './vitals.ts'

export type Parts = Awaited<ReturnType<typeof makeParts>>

/**
 * Makes everything a worker consists of, and tells the parts of each other; but for the connection, nothing is started.
 *
 * The order of the gates: first what costs nothing to ask and holds for longest; the limits last, since a place that was
 * taken under them and not used would keep somebody else out.
 */
export async function makeParts(
  list: readonly Task[],
  config: WorkerConfig,
  logger: Logger,
  resources: readonly Resource[],
) {
  const isolated = isolateTasks(list, config.graceMs)
  const tasks = createRegistry(isolated.tasks)
  const { queues = tasks.queues, name = `${hostname()}-${process.pid}`, lockMs } = config
  const { version = PACKAGE_VERSION } = config
  const keys = poolKeys(config.namespace)
  const log = logger.child({ worker: name })

  const client = await connectBroker({ url: config.redisUrl, role: 'worker' })
  const tracing = await openTracing(config.tracing || undefined, { name: 'millrace-worker', version })
  const running = trackRunning(log, undefined, traceAttempts(tracing, name))
  const tally = createTally()
  const active = () => running.size
  const slots = createSlots(firstLimit(config.concurrency), queues.length)
  const marks = { ...config.concurrency, memoryHigh: config.memoryHigh }
  const tuning = tune({ slots, marks, active, log })
  const workerId = `${name}/${randomUUID().slice(0, 8)}`
  const announcement: { now: Announcement | undefined } = { now: undefined }
  const health = watchHealth({ client, keys, workerId, log, news: () => announcement.now?.soon() })
  const budget = () => config.memoryHigh * tuning.vitals().memory.limitBytes
  const circuits = createCircuits({ client, keys, worker: name, log })
  const guards = createGuards({
    ...{ client, keys, tasks: tasks.all, resources, circuits },
    ...{ defaults: config, slots: () => slots.limit },
  })
  const control = createControl(client, keys, running, log, lockMs)
  const gates = createGates([control.pauses, health.gate, memoryGate(budget), guards, control.limits])
  const ended: Room['ended'] = (attempt, outcome) => {
    if (outcome.kind === 'succeeded' && outcome.cached) return // nothing ran that could tell
    if (attempt.job.data.foreach !== undefined) return // nor here: the handler runs for its items alone
    if (!guards.blames(attempt)) health.ended(attempt, outcome)
    if (outcome.kind === 'succeeded') tuning.succeeded(attempt.job.name, outcome.ms)
  }
  const facts = vitals({
    ...{ name, version, queues, tasks: tasks.all, range: config.concurrency },
    ...{ slots, tuning, health, active, breakers: circuits.openNames },
  })
  const measured = createBatch()
  const threshold = { count: config.escalateCount, windowMs: config.escalateWindowMs }
  const failures = trackFailures({ client, keys, log, tally, threshold, webhook: config.escalateWebhook, version })
  const attempts = countAttempts((task) => tasks.find(task) !== undefined)
  const stalled = new Map<string, number>(queues.map((queue) => [queue, 0]))
  const stage: { now: Stage } = { now: 'starting: the engine proves itself' }
  const ownSamples = processSamples('worker', version)
  const metrics = createMetrics([
    ownSamples.read,
    workerSamples({
      ...{ attempts, tally, slots, tuning, circuits, guards, active, stalled },
      draining: () => stage.now === 'draining: nothing more is taken',
    }),
  ])
  const timeLimits = createTimeLimits(client, keys, tasks.all, log)
  const { graceMs, maxOutputBytes, maxKeptBytes } = config
  const limits = { lockMs, graceMs, maxOutputBytes, maxKeptBytes }
  const room: Room = {
    ...{ client, keys, tasks, running, gates, guards, tally, attempts, measured, timeLimits, ended, log, ...limits },
    failures: failures.batch,
  }
  return {
    ...{
      name,
      version,
      queues,
      tasks,
      keys,
      log,
      client,
      tracing,
      running,
      tally,
      slots,
      workerId,
      announcement,
      health,
      guards,
    },
    ...{ control, facts, failures, stalled, stage, metrics, measured, timeLimits, room, config },
    /** What runs from the start, and is stopped with the worker. */
    begun: [tuning, isolated, failures, ownSamples] as { stop(): void | Promise<void> }[],
  }
}
