import { randomUUID } from 'node:crypto'

/** URL of the Redis that the test run started for itself. */
export function brokerUrl(): string {
  const url = process.env['MILLRACE_TEST_REDIS']
  if (!url) throw new Error('MILLRACE_TEST_REDIS is not set: run the tests through `npm test`, which starts a Redis')
  return url
}

/** A namespace of its own for one test, so that tests may share a Redis and run side by side. */
export const freshNamespace = (): string => `test-${randomUUID().slice(0, 13)}`
