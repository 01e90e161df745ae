import type { Task, TaskEstimate } from '@millrace/shared'

/** What an attempt may take before anything is known of its task, in milliseconds. */
export const BASE_MS = { simple: 300_000, medium: 900_000, complex: 2_700_000, meta: 7_200_000 } as const

/** No limit that nobody fixed is longer than 3 hours. */
export const MOST_MS = 3 * 3_600_000

/** Fewer attempts say nothing about the slowest hundredth. */
export const LEAST_SAMPLES = 20
/** Limit = 99th percentile times this: room for a service that is slower than ever measured. */
const HEADROOM = 3
/** What is learned stays between these parts of the base, so that neither cold caches nor a hanging service decide alone. */
const LEAST_OF_BASE = 0.1
const MOST_OF_BASE = 4
/** From this share of attempts cut off at the limit on, the limit is the cause and not the cure. */
const MANY_TIMEOUTS = 0.01
/** A learned limit stays as it is while what it would be is less than this away: no change without a reason. */
const INERTIA = 0.15
/** Every attempt after the first may take so many times as long as the one before. */
const RETRY_PENALTY = 1.5

/** A limit, and the sentence that explains it. */
export interface TimeLimit {
  readonly ms: number
  readonly from: 'hand' | 'task' | 'measured' | 'complexity'
  readonly why: string
}

/** What a limit is decided from. */
export interface LimitFacts {
  readonly task: Pick<Task, 'timeoutMs' | 'complexity' | 'timeoutFactor'>
  /** Set by hand, in milliseconds. */
  readonly byHandMs?: number | undefined
  readonly measured?: Pick<TaskEstimate, 'samples' | 'timeouts' | 'p99Ms'> | undefined
  /** The limit until now. */
  readonly before?: Pick<TimeLimit, 'ms' | 'from' | 'why'> | undefined
}

/** The limit for a first attempt. What was fixed goes before what was learned: by hand, by the task, measured, by complexity. */
export function decideLimit({ task, byHandMs, measured, before }: LimitFacts): TimeLimit {
  if (byHandMs !== undefined) return { ms: byHandMs, from: 'hand', why: 'fixed by hand' }
  if (task.timeoutMs !== undefined) return { ms: task.timeoutMs, from: 'task', why: 'fixed by the task' }

  const baseMs = Math.min(MOST_MS, Math.round(BASE_MS[task.complexity] * task.timeoutFactor))
  const factor = task.timeoutFactor === 1 ? '' : ` × ${task.timeoutFactor}`
  const base = `${inWords(BASE_MS[task.complexity])} for a ${task.complexity} task${factor}`
  const { samples = 0, timeouts = 0, p99Ms = 0 } = measured ?? {}
  if (samples + timeouts < LEAST_SAMPLES || samples === 0) {
    return { ms: baseMs, from: 'complexity', why: `${base}; too few attempts measured to learn from` }
  }

  const learnedMs = HEADROOM * p99Ms
  const leastMs = Math.round(LEAST_OF_BASE * baseMs)
  const mostMs = Math.min(MOST_MS, MOST_OF_BASE * baseMs)
  const share = timeouts / (samples + timeouts)
  if (share > MANY_TIMEOUTS && learnedMs < baseMs) {
    const percent = `${(100 * share).toFixed(1)} %`
    return { ms: baseMs, from: 'measured', why: `${base}, because ${percent} of the attempts ran into their limit` }
  }
  const ms = Math.round(Math.min(mostMs, Math.max(leastMs, learnedMs)))
  if (before?.from === 'measured' && Math.abs(ms - before.ms) <= INERTIA * before.ms) return { ...before }
  const learned = `${HEADROOM} × ${inWords(p99Ms)}, the 99th percentile of ${samples} attempts`
  if (learnedMs < leastMs) return { ms, from: 'measured', why: `the least for this task, above ${learned}` }
  if (learnedMs > mostMs) return { ms, from: 'measured', why: `the most for this task, below ${learned}` }
  return { ms, from: 'measured', why: learned }
}

/**
 * The limit of one attempt: every attempt after the first gets longer, because one that was only slow should not fail for
 * ever. What somebody fixed stays fixed.
 *
 * @param attempt 1 for the first.
 */
export function limitOf({ ms, from }: Pick<TimeLimit, 'ms' | 'from'>, attempt: number): number {
  if (from === 'hand' || from === 'task') return ms
  return Math.min(MOST_MS, Math.round(ms * RETRY_PENALTY ** (attempt - 1)))
}

const UNITS = [
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const

/** `15 min`, `2.5 s`, `40 ms`. */
function inWords(ms: number): string {
  const [unit, size] = UNITS.find(([, one]) => ms >= one) ?? (['ms', 1] as const)
  return `${Math.round((10 * ms) / size) / 10} ${unit}`
}
