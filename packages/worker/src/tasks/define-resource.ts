import { MillraceError, type Resource, type ResourceOptions } from '@millrace/shared'
import { NAME } from './options/identity.ts'
import { collectProblems, type Problems, show } from './options/problems.ts'
import { readBreaker, readBulkhead, requireFields } from './options/protection.ts'

const FIELDS = ['breaker', 'bulkhead', 'timeout', 'retry']
const MAX_TRIES = 100

/**
 * Declares a thing outside: one breaker and, per worker, one bulkhead for all tasks that use it. Whatever is absent has the
 * default of the settings.
 *
 * @throws MillraceError MILLRACE_TASKS_INVALID with every problem of the declaration.
 *
 * @example
 * export const stripe = defineResource('stripe', { breaker: { failures: 5, halfOpenAfter: '30s' }, bulkhead: 4 })
 */
export function defineResource(name: string, options: ResourceOptions = {}): Resource {
  const problems = collectProblems()
  problems.check(typeof name === 'string', () => {
    return `the name is ${show(name)}; it comes first, and the options after it: defineResource('stripe', { bulkhead: 4 })`
  })
  problems.check(typeof name !== 'string' || NAME.test(name), () => {
    return `the name is ${show(name)}; begin with a letter or "_", go on with letters, digits, "_", "." or "-"`
  })
  requireFields('a resource', options, FIELDS, problems)
  const { breaker, bulkhead, timeout } = options
  const resource: Resource = {
    kind: 'resource',
    name,
    breaker: breaker === undefined ? undefined : readBreaker(breaker, problems),
    bulkhead: bulkhead === undefined ? undefined : readBulkhead(bulkhead, problems),
    timeoutMs: timeout === undefined ? undefined : problems.duration('timeout', timeout, 1),
    retry: readTries(options.retry, problems),
  }
  if (problems.list.length === 0) return Object.freeze(resource)
  const list = problems.list.map((problem) => `- ${problem}`).join('\n')
  const what = typeof name === 'string' ? `Resource ${show(name)}` : 'A resource'
  throw new MillraceError('MILLRACE_TASKS_INVALID', `${what} cannot be used:\n${list}`)
}

/** One try: a job whose attempt fails is tried again by the broker, where the wait holds no slot. */
function readTries(retry: ResourceOptions['retry'] = 1, problems: Problems): Resource['retry'] {
  const { attempts = 1, delay = '100ms', maxDelay = '1s' } = typeof retry === 'number' ? { attempts: retry } : retry
  problems.whole('retry.attempts', attempts, 1, MAX_TRIES)
  return Object.freeze({
    attempts,
    delayMs: problems.duration('retry.delay', delay, 0),
    maxDelayMs: problems.duration('retry.maxDelay', maxDelay, 0),
  })
}
