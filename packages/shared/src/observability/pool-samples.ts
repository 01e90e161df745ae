import { MENDED } from '../upkeep/mended.ts'
import { LEVELS } from '../workflow/states.ts'
import { SLACK_SECONDS, WORKFLOW_SECONDS } from './metrics.ts'
import type { PoolFacts } from './pool-facts.ts'
import type { Samples } from './samples.ts'

/** The series of a pool, from what was read of it. */
export function poolSamples(facts: PoolFacts): Samples {
  const { queues, workers, totals } = facts
  const queued = sum(queues.map(({ depth }) => depth.total))
  const slots = sum(workers.map((worker) => worker.slots.limit))
  const active = sum(workers.map((worker) => worker.slots.active))
  const unhealthy = workers.filter((worker) => worker.unhealthy.length > 0).length
  const perQueue = (value: (queue: PoolFacts['queues'][number]) => number) =>
    queues.map((queue) => ({ labels: { queue: queue.name }, value: value(queue) }))
  const one = (value: number) => [{ labels: {}, value }]
  const total = (field: string) => totals.get(field) ?? 0

  return {
    jobsSubmitted: after(totals, 'submitted').map(([queue, value]) => ({ labels: { queue }, value })),
    jobsDead: after(totals, 'dead').map(([task, value]) => ({ labels: { task }, value })),
    jobsSkipped: one(total('skipped')),
    jobsCancelled: one(total('cancelled')),
    deadLettersReplayed: one(total('replayed')),
    deadLetters: one(facts.deadLetters),
    queueDepth: queues.flatMap(({ name, depth }) =>
      LEVELS.map((level) => ({ labels: { queue: name, level }, value: depth.levels[level] })),
    ),
    oldestSeconds: queues.flatMap(({ name, depth: { since } }) =>
      LEVELS.map((level) => ({
        labels: { queue: name, level },
        value: Math.max(0, facts.at - (since[level] ?? facts.at)) / 1_000,
      })),
    ),
    queueCapacity: perQueue(({ capacity }) => capacity),
    queueUsed: perQueue(({ depth, delayed, waiting, capacity }) => (depth.total + delayed + waiting) / capacity),
    queuePaused: perQueue(({ paused }) => Number(paused)),
    jobsActive: perQueue(({ active }) => active),
    jobsDelayed: perQueue(({ delayed }) => delayed),
    jobsWaiting: perQueue(({ waiting }) => waiting),
    jobsInLots: [...facts.parked].map(([reason, value]) => ({ labels: { reason }, value })),
    workers: one(workers.length),
    workersUnhealthy: one(unhealthy),
    poolSlots: one(slots),
    poolActive: one(active),
    poolUtilization: one(slots === 0 ? 0 : Math.min(1, active / slots)),
    pendingPerWorker: one(queued / Math.max(1, workers.length)),
    breakerState: [...facts.breakers].map(([resource, value]) => ({ labels: { resource }, value })),
    workflows: Object.entries(facts.workflows).map(([outcome, value]) => ({ labels: { outcome }, value })),
    workflowsFinished: (['succeeded', 'failed', 'cancelled'] as const).map((outcome) => ({
      labels: { outcome },
      value: sum(buckets(totals, outcome, WORKFLOW_SECONDS)),
    })),
    workflowSeconds: (['succeeded', 'failed'] as const).map((outcome) => ({
      labels: { outcome },
      counts: buckets(totals, outcome, WORKFLOW_SECONDS),
      sum: total(`${outcome} ms`) / 1_000,
    })),
    workflowSlack: [{ labels: {}, counts: buckets(totals, 'slack', SLACK_SECONDS), sum: total('slack ms') / 1_000 }],
    // from zero on, so that the first time is an increase
    mended: MENDED.map((reason) => ({ labels: { reason }, value: facts.mended.get(reason) ?? 0 })),
    redisUp: one(1),
    redisMemory: one(facts.memory.usedBytes),
    redisMemoryLimit: one(facts.memory.limitBytes),
  }
}

/** Fields `<word> <name>`, by name. */
const after = (totals: ReadonlyMap<string, number>, word: string) =>
  [...totals].flatMap(([field, value]) =>
    field.startsWith(`${word} `) ? [[field.slice(word.length + 1), value] as const] : [],
  )

const buckets = (totals: ReadonlyMap<string, number>, name: string, bounds: readonly number[]) =>
  Array.from({ length: bounds.length + 1 }, (_, bucket) => totals.get(`${name} ${bucket}`) ?? 0)

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
