import type { OptionReader } from './reader.ts'

const MAX_ATTEMPTS = 100

/** How often a job is tried, and how long one attempt may take. */
export const limits: OptionReader<'retry' | 'timeoutMs'> = {
  fields: ['retry', 'timeout'],
  read({ retry = {}, timeout = '5m' }, problems) {
    const { attempts = 3, delay = '1s', maxDelay = '60s' } = typeof retry === 'number' ? { attempts: retry } : retry
    problems.whole('retry.attempts', attempts, 1, MAX_ATTEMPTS)
    return {
      retry: Object.freeze({
        attempts,
        delayMs: problems.duration('retry.delay', delay, 0),
        maxDelayMs: problems.duration('retry.maxDelay', maxDelay, 0),
      }),
      timeoutMs: problems.duration('timeout', timeout, 1),
    }
  },
}
