import type { WorkerView } from '../pool/heartbeat.ts'
import { pauseReason } from './barriers.ts'
import type { LimitFacts, Paused } from './facts.ts'
import { limitReasons } from './limits.ts'
import type { Reason } from './reason.ts'
import { counted, listText } from './words.ts'

/** A queue as it is now. */
export interface QueueFacts {
  readonly name: string
  readonly now: number
  readonly paused: Paused | undefined
  readonly queued: number
  readonly delayed: number
  readonly waiting: number
  readonly active: number
  readonly capacity: number
  /** Those that take from it. */
  readonly workers: readonly WorkerView[]
  readonly limits: readonly LimitFacts[]
  readonly parked: readonly { readonly lot: string; readonly jobs: number; readonly about: boolean }[]
}

const FULL = 1
const SHEDS_FROM = 0.9

/** What keeps jobs of a queue from running, or from coming. */
export function queueReasons(queue: QueueFacts): Reason[] {
  const { name, now, paused, queued } = queue
  const reasons = [
    ...(paused ? [pauseReason('queue', name, paused, now)] : []),
    ...crew(queue),
    ...queue.limits.flatMap((limit) => (limit.parked > 0 ? limitReasons(limit, now) : [])),
    ...parkedReasons(queue),
    ...room(queue),
  ]
  if (reasons.length > 0) return reasons
  if (queued === 0) {
    const rest = [
      ...(queue.active > 0 ? [`${counted(queue.active, 'job runs', 'jobs run')}`] : []),
      ...(queue.delayed > 0 ? [`${counted(queue.delayed, 'job waits', 'jobs wait')} for a time`] : []),
      ...(queue.waiting > 0 ? [`${counted(queue.waiting, 'job waits', 'jobs wait')} for needs`] : []),
    ]
    const text = rest.length === 0 ? 'It is empty.' : `Nothing of it could run that does not: ${rest.join(', ')}.`
    return [{ code: 'queue-empty', text }]
  }
  return [{ code: 'next', text: `Nothing keeps it: ${counted(queued, 'job is', 'jobs are')} about to be taken.` }]
}

function crew({ name, workers, queued, active }: QueueFacts): Reason[] {
  const about = `queue ${name}`
  if (workers.length === 0) {
    const help = `Start one: millrace-worker --tasks <folder> --queues ${name}`
    return [{ code: 'no-worker', about, text: `No live worker takes from the queue "${name}".`, help }]
  }
  if (workers.every(({ slots }) => !slots.taking)) {
    const names = listText(workers.map((worker) => worker.name))
    const text = `Its ${counted(workers.length, 'worker')} ${workers.length === 1 ? 'takes' : 'take'} nothing while memory is short: ${names}.`
    return [{ code: 'workers-short-of-memory', about, text, help: 'millrace workers shows the memory of each.' }]
  }
  const limit = workers.reduce((sum, { slots }) => sum + slots.limit, 0)
  const others = workers.reduce((sum, { queues, slots }) => sum + (queues.length > 1 ? slots.active : 0), 0)
  if (queued === 0 || Math.max(active, others) < limit) return []
  const text = `All ${counted(limit, 'slot')} of its ${counted(workers.length, 'worker')} are taken, and ${counted(queued, 'job waits', 'jobs wait')} for one.`
  return [{ code: 'workers-full', about, text, help: 'Start more workers.', data: { slots: limit, queued } }]
}

/** What its parked jobs wait for, as a reason; limits and pauses of the queue are told on their own. */
const LOTS = {
  breaker: ['breaker-open', (name: string) => `the breaker of "${name}"`, 'resource'],
  bulkhead: ['bulkhead-full', (name: string) => `a slot of "${name}"`, 'resource'],
  task: ['task-paused', (name: string) => `the task "${name}", which is or was paused`, 'task'],
  workflow: ['workflow-paused', (name: string) => `the workflow "${name}", which is or was paused`, 'workflow'],
  tenant: ['tenant-full', (name: string) => `fewer attempts of the tenant "${name}"`, 'tenant'],
  memory: ['memory-reserved', (name: string) => `memory, as the task "${name}" declares it`, 'task'],
  worker: ['worker-unhealthy', (name: string) => `a worker on which the task "${name}" does not fail`, 'task'],
} as const

function parkedReasons({ parked }: QueueFacts): Reason[] {
  return parked.flatMap(({ lot, jobs, about }): Reason[] => {
    const slash = lot.indexOf('/')
    const [kind, name] = [lot.slice(0, slash), lot.slice(slash + 1)]
    if (!Object.hasOwn(LOTS, kind)) return []
    const [code, what, of] = LOTS[kind as keyof typeof LOTS]
    const count = `${about ? 'About ' : ''}${counted(jobs, 'job waits', 'jobs wait')}`
    return [{ code, about: `${of} ${name}`, text: `${count} for ${what(name)}.`, data: { lot, parked: jobs } }]
  })
}

function room({ name, capacity, queued, delayed, waiting }: QueueFacts): Reason[] {
  const used = queued + delayed + waiting
  const share = used / Math.max(1, capacity)
  if (share < SHEDS_FROM) return []
  const full = share >= FULL
  const effect = full ? 'nothing more is taken in' : 'workflows of the levels low and background are refused'
  const text = `It holds ${used} of the ${counted(capacity, 'job')} that may wait in it: ${effect}.`
  return [
    {
      code: 'queue-full',
      about: `queue ${name}`,
      text,
      help: `millrace queue capacity ${name} <jobs>`,
      data: { used, capacity },
    },
  ]
}
