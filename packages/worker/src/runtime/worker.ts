import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import {
  connectBroker,
  createBatch,
  createRegistry as createMetrics,
  driveReplays,
  engineBackend,
  type Heartbeat,
  type Json,
  type LockedJob,
  type Logger,
  openSignals,
  openTracing,
  poolKeys,
  processSamples,
  proveEngine,
  type Resource,
  serveOps,
  sweepPool,
  type Task,
} from '@millrace/shared'
import { firstLimit } from '../concurrency/range.ts'
import { createSlots } from '../concurrency/slots.ts'
import { tune } from '../concurrency/tune.ts'
import type { WorkerConfig } from '../config.ts'
import { memoryGate } from '../health/memory-gate.ts'
import { watchHealth } from '../health/watch.ts'
import { isolateTasks } from '../isolation/isolate.ts'
import { createCircuits } from '../policies/circuits.ts'
import { createGuards } from '../policies/guards.ts'
import { createRegistry } from '../tasks/registry.ts'
import { type Announcement, announce } from './announce.ts'
import { trackRunning } from './attempt.ts'
import { countAttempts } from './attempt-counts.ts'
import { lookForCancelled, onCancelled } from './cancellations.ts'
import { createControl } from './control.ts'
import { drain } from './drain.ts'
import { reportErrors } from './errors.ts'
import { execute } from './execute.ts'
import { countStalled, trackFailures } from './failures.ts'
import { createGates } from './gates.ts'
import { watchLocks } from './lock.ts'
import { sendMeasured } from './measured.ts'
import { QueueWorker } from './queue-worker.ts'
import { readinessChecks, type Stage } from './readiness.ts'
import { backoffStrategy } from './retry-plan.ts'
import type { Room } from './room.ts'
import { createTally, type Tally } from './tally.ts'
import { createTimeLimits } from './time-limits.ts'
import { traceAttempts } from './trace-attempts.ts'
import { PACKAGE_VERSION } from './version.ts'
import { vitals } from './vitals.ts'
import { within } from './within.ts'
import { workerSamples } from './worker-samples.ts'

/** How long Redis may take to hear that a worker is gone. */
const FAREWELL_MS = 1_000
/**
 * A job whose worker vanished is found by the second look after its lock has expired at the latest, and now and then a
 * look is left out because another worker made one: with four looks to a lock it is back within one and a half locks.
 */
const STALLED_LOOKS_PER_LOCK = 4

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
  const isolated = isolateTasks(list, config.graceMs)
  const tasks = createRegistry(isolated.tasks)
  const { queues = tasks.queues, name = `${hostname()}-${process.pid}`, drainMs, lockMs } = config
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
  let announcement: Announcement | undefined
  const health = watchHealth({ client, keys, workerId, log, news: () => announcement?.soon() })
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
  const services: { stop(): void | Promise<void> }[] = [tuning, isolated, failures, ownSamples]
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
    await proveEngine(client, keys)
    const signals = openSignals(client)
    services.push(signals)
    await onCancelled(signals, client, keys, running)
    services.push(await guards.start(signals))
    services.push(await timeLimits.follow(signals))
    announcement = await announce(client, keys, workerId, facts, health.review)
    services.push(announcement)
    services.push(await control.follow(signals))
    services.push(sweepPool({ client, keys, log }))
    services.push(driveReplays({ client, keys, log }))
    for (const [index, queue] of queues.entries()) {
      const work = slots.share(index, (locked: LockedJob) => execute(locked, room))
      const worker = openQueue(queue, work, room, config, name)
      worker.on('stalled', () => stalled.set(queue, (stalled.get(queue) ?? 0) + 1))
      workers.push(worker)
    }
    slots.open(workers)
    services.push(sendMeasured(client, keys, measured))
    services.push(watchLocks(workers, running, lockMs))
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
  function drainOnce(within = drainMs): Promise<void> {
    if (ending && within === 0) hurry.abort()
    stage.now = 'draining: nothing more is taken'
    slots.close() // from here on only the drain decides what is taken
    ending ??= drain({ workers, running, log, drainMs: within, graceMs, hurry: hurry.signal }).then(end)
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

function openQueue(
  queue: string,
  work: (locked: LockedJob) => Promise<Json>,
  room: Room,
  config: WorkerConfig,
  name: string,
): QueueWorker {
  const worker: QueueWorker = new QueueWorker(
    queue,
    (job, token) => work({ job, token } as LockedJob),
    {
      prefix: room.keys.prefix,
      connection: room.client,
      name,
      autorun: false,
      lockDuration: config.lockMs, // renewed at half
      stalledInterval: config.stalledEveryMs ?? config.lockMs / STALLED_LOOKS_PER_LOCK,
      maxStalledCount: config.maxStalls,
      settings: { backoffStrategy },
    },
    engineBackend(room.keys, { freeSlots: () => worker.freeSlots }),
  )
  worker.returnMark = () => room.client.zadd(room.keys.queue(queue, 'marker'), 0, '0')
  // a listener for every worker: without one Node ends the process
  lookForCancelled(worker, room.client, room.keys, room.running)
  countStalled(worker, room.failures)
  worker.on('error', reportErrors(room.log.child({ queue })))
  return worker
}
