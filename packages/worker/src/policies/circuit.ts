import type { BreakerState } from '@millrace/shared'
import type { Says } from './blame.ts'
import { createFailureCounter, type FailureCounter } from './failure-counter.ts'
import type { FullBreakerRule } from './rules.ts'

/** What a breaker did in this worker since it started. */
export interface CircuitCounts {
  opened: number
  closed: number
  probes: number
  probesFailed: number
  /** Jobs put aside because it was open. */
  parked: number
}

/** While it is known that somebody else probes, attempts are turned away without asking Redis. */
const QUIET_MS = 250
/** Who heard late of an opening thinks it half-open late; one who was called by somebody else must not be turned away for that. */
const NEWS_MAY_TAKE_MS = 500

/** One breaker as this worker knows it. */
export interface Circuit {
  readonly name: string
  readonly rule: FullBreakerRule
  readonly counts: CircuitCounts
  /** Absent while it is closed. `shared`: the pool knows. */
  readonly opening: (Omit<BreakerState, 'halfOpenInMs'> & { readonly shared: boolean }) | undefined
  /** Milliseconds from now; 0 when it is due. */
  readonly halfOpenInMs: number
  /**
   * Half-open, as far as this worker can tell: ask for a probe. Those who have not waited ask one at a time and not at once
   * after a refusal; one that has waited may be the job that was called, and always asks.
   */
  isDue(hasWaited: boolean): boolean
  /** An attempt of this worker is the probe. */
  probing: boolean
  /** One asks to be. */
  asking: boolean
  /** Changes whenever it opens or closes. */
  readonly period: object
  /** `stale`: what an answer said that was overtaken by news; nothing has changed. */
  open(state: BreakerState, shared: boolean): 'changed' | 'same' | 'stale'
  /** True when it changed. */
  close(): boolean
  /** Counts the end of an attempt; true when it must open. */
  heard(says: Says): boolean
  /** Somebody else probes. */
  quiet(): void
}

export function createCircuit(name: string, rule: FullBreakerRule, now = () => performance.now()): Circuit {
  const counts: CircuitCounts = { opened: 0, closed: 0, probes: 0, probesFailed: 0, parked: 0 }
  let counter: FailureCounter = createFailureCounter(rule)
  let opening: Circuit['opening']
  let halfOpenMonoMs = 0
  let quietMonoMs = 0
  /** The last opening that is over, by the clock of Redis. */
  let overAt = 0

  function isStale(state: Pick<BreakerState, 'openedAt' | 'openings'>): boolean {
    if (!opening) return state.openedAt <= overAt
    return opening.shared ? state.openedAt < opening.openedAt : state.openings < opening.openings
  }

  return {
    name,
    rule,
    counts,
    probing: false,
    asking: false,
    get opening() {
      return opening
    },
    get halfOpenInMs() {
      return Math.max(0, halfOpenMonoMs - now())
    },
    isDue(hasWaited) {
      if (this.probing) return false
      if (hasWaited) return now() >= halfOpenMonoMs - NEWS_MAY_TAKE_MS
      return !this.asking && now() >= Math.max(halfOpenMonoMs, quietMonoMs)
    },
    get period() {
      return counter
    },
    open({ halfOpenInMs, ...state }, shared) {
      if (shared && isStale(state)) return 'stale'
      const same =
        opening && opening.openings === state.openings && (opening.openedAt === state.openedAt || !opening.shared)
      opening = { ...state, shared }
      halfOpenMonoMs = now() + halfOpenInMs
      if (same) return 'same'
      counts.opened++
      quietMonoMs = 0
      counter = createFailureCounter(rule)
      return 'changed'
    },
    close() {
      if (!opening) return false
      if (opening.shared) overAt = opening.openedAt
      opening = undefined
      counts.closed++
      counter = createFailureCounter(rule)
      return true
    },
    heard: (says) => counter.heard(says),
    quiet: () => {
      quietMonoMs = now() + QUIET_MS
    },
  }
}
