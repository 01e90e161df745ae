import { COMPLEXITIES } from '@millrace/shared'
import { show } from './problems.ts'
import type { OptionReader } from './reader.ts'

const MAX_ATTEMPTS = 100

type Limits = 'retry' | 'timeoutMs' | 'complexity' | 'timeoutFactor' | 'idleMs'

/** How often a job is tried, and how long one attempt may take. */
export const limits: OptionReader<Limits> = {
  fields: ['retry', 'timeout', 'complexity', 'timeoutFactor', 'idle'],
  read({ retry = {}, timeout, complexity = 'simple', timeoutFactor = 1, idle }, problems) {
    const { attempts = 3, delay = '1s', maxDelay = '60s' } = typeof retry === 'number' ? { attempts: retry } : retry
    problems.whole('retry.attempts', attempts, 1, MAX_ATTEMPTS)
    problems.check(
      COMPLEXITIES.includes(complexity),
      () => `complexity is ${show(complexity)}; write one of ${COMPLEXITIES.join(', ')}`,
    )
    problems.check(
      timeoutFactor >= 0.1 && timeoutFactor <= 10,
      () => `timeoutFactor is ${show(timeoutFactor)}; write a number from 0.1 to 10`,
    )
    return {
      complexity,
      timeoutFactor,
      idleMs: idle === undefined ? undefined : problems.duration('idle', idle, 1),
      retry: Object.freeze({
        attempts,
        delayMs: problems.duration('retry.delay', delay, 0),
        maxDelayMs: problems.duration('retry.maxDelay', maxDelay, 0),
      }),
      timeoutMs: timeout === undefined ? undefined : problems.duration('timeout', timeout, 1),
    }
  },
}
