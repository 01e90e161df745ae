import { CircuitState, ConsecutiveBreaker, SamplingBreaker } from 'cockatiel'
import type { Says } from './blame.ts'
import type { FullBreakerRule } from './rules.ts'

/** Hears how attempts of one worker end while a breaker is closed. */
export interface FailureCounter {
  /** True when the breaker must open now. */
  heard(says: Says): boolean
}

/** The counting is cockatiel's; what opens is the breaker of the whole pool. */
export function createFailureCounter({ count }: FullBreakerRule): FailureCounter {
  const breaker =
    count.kind === 'consecutive'
      ? new ConsecutiveBreaker(count.failures)
      : new SamplingBreaker({
          threshold: count.threshold,
          duration: count.durationMs,
          ...(count.minimumRps !== undefined && { minimumRps: count.minimumRps }),
        })
  return {
    heard(says) {
      if (says === 'failed') return breaker.failure(CircuitState.Closed)
      if (says === 'answered') breaker.success(CircuitState.Closed)
      return false
    },
  }
}
