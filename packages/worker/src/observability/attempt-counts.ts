import { createHistogram, type Histogram, type Samples, SERIES } from '@millrace/shared'
import type { Attempt } from '../attempt/attempt.ts'
import type { FailureVerdict, Outcome } from '../attempt/outcome.ts'

/** What a worker counts of its attempts. It is told of each; nothing is made for it but plain numbers. */
export interface AttemptCounts {
  began(attempt: Attempt): void
  /** @param verdict of a failed attempt, as it holds: `bury` after the last one. */
  ended(attempt: Attempt, outcome: Outcome, verdict: FailureVerdict | undefined): void
  samples(): Samples
}

/** What is counted of one task in one queue. */
interface Counts {
  readonly labels: { readonly task: string; readonly queue: string }
  started: number
  succeeded: number
  dead: number
  suspended: number
  cached: number
  readonly retried: Map<string, number>
  readonly parked: Map<string, number>
  readonly returned: Map<string, number>
  readonly run: Histogram
  readonly wait: Histogram
  readonly release: Histogram
}

/** A task whose handlers make up codes as they go must not make up series. */
const MOST_REASONS = 50
const OTHER = 'other'

/** @param isTask whether a task of this name is here: what somebody misspelt makes no series of its own. */
export function countAttempts(isTask: (name: string) => boolean): AttemptCounts {
  const byQueue = new Map<string, Map<string, Counts>>()

  function countsOf({ job }: Attempt): Counts {
    const tasks = byQueue.get(job.queueName) ?? new Map<string, Counts>()
    const known = tasks.get(job.name)
    if (known) return known
    if (tasks.size === 0) byQueue.set(job.queueName, tasks)
    const task = isTask(job.name) ? job.name : OTHER
    const counts = tasks.get(task) ?? emptyCounts(task, job.queueName)
    tasks.set(task, counts)
    return counts
  }

  return {
    began(attempt) {
      const counts = countsOf(attempt)
      counts.started++
      const { job } = attempt
      if (job.attemptsStarted !== 1) return // when a later attempt could have run, nobody noted
      const { releasedAt, needs } = job.data
      // what a rerun carried over had ended long before
      const released = releasedAt === undefined ? undefined : Math.max(releasedAt, job.timestamp)
      const from = released ?? (isEmpty(needs) ? job.timestamp : undefined)
      if (from === undefined) return
      const { delay = 0 } = job.opts
      const seconds = Math.max(0, (job.processedOn ?? Date.now()) - from - delay) / 1_000
      counts.wait.observe(seconds)
      if (releasedAt !== undefined && delay === 0) counts.release.observe(seconds)
    },
    ended(attempt, outcome, verdict) {
      const counts = countsOf(attempt)
      if (outcome.kind === 'succeeded') {
        counts.succeeded++
        if (outcome.cached) counts.cached++
      } else if (outcome.kind === 'suspended') counts.suspended++
      else if (verdict) COUNT[verdict](counts, outcome.failure)
      const ran = outcome.kind === 'failed' ? verdict === 'bury' || verdict === 'retry' : !isCached(outcome)
      if (ran) counts.run.observe(outcome.ms / 1_000)
    },
    samples: () => samplesOf([...byQueue.values()].flatMap((tasks) => [...tasks.values()])),
  }
}

type Failure = Extract<Outcome, { kind: 'failed' }>['failure']

const COUNT = {
  retry: (counts, { code }) => countReason(counts.retried, code),
  bury: (counts) => void counts.dead++,
  park: (counts, { parking }) => countReason(counts.parked, parking?.lot.split('/', 1)[0] ?? OTHER),
  handBack: (counts) => countReason(counts.returned, 'drained'),
  abandon: (counts) => countReason(counts.returned, 'lock_lost'),
} as const satisfies Record<FailureVerdict, (counts: Counts, failure: Failure) => void>

function countReason(reasons: Map<string, number>, reason: string): void {
  const key = reasons.has(reason) || reasons.size < MOST_REASONS ? reason : OTHER
  reasons.set(key, (reasons.get(key) ?? 0) + 1)
}

const isCached = (outcome: Outcome) => outcome.kind === 'succeeded' && outcome.cached === true

function isEmpty(record: object): boolean {
  for (const _ in record) return false
  return true
}

const emptyCounts = (task: string, queue: string): Counts => ({
  ...{ labels: { task, queue }, started: 0, succeeded: 0, dead: 0, suspended: 0, cached: 0 },
  ...{ retried: new Map(), parked: new Map(), returned: new Map() },
  run: createHistogram(SERIES.attemptSeconds.buckets),
  wait: createHistogram(SERIES.queueWaitSeconds.buckets),
  release: createHistogram(SERIES.releaseSeconds.buckets),
})

function samplesOf(all: readonly Counts[]): Samples {
  const value = (of: (counts: Counts) => number) => all.map((counts) => ({ labels: counts.labels, value: of(counts) }))
  const reasons = (of: (counts: Counts) => ReadonlyMap<string, number>) =>
    all.flatMap((counts) => [...of(counts)].map(([reason, value]) => ({ labels: { ...counts.labels, reason }, value })))
  return {
    jobsStarted: value(({ started }) => started),
    jobsFinished: (['succeeded', 'dead'] as const).flatMap((outcome) =>
      all.map((counts) => ({ labels: { ...counts.labels, outcome }, value: counts[outcome] })),
    ),
    jobsSuspended: value(({ suspended }) => suspended),
    jobsCached: value(({ cached }) => cached),
    jobsRetried: reasons(({ retried }) => retried),
    jobsParked: reasons(({ parked }) => parked),
    jobsReturned: reasons(({ returned }) => returned),
    attemptSeconds: all.map(({ run, labels }) => run.sample(labels)),
    queueWaitSeconds: all.map(({ wait, labels }) => wait.sample(labels)),
    releaseSeconds: all.map(({ release, labels }) => release.sample(labels)),
  }
}
