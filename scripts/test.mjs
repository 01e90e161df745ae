// npm test [-- <vitest arguments>]: the checks, then all tests against a Redis of their own.
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openBroker } from './broker.mjs'
import { ROOT, run, workspaceEnv } from './install.mjs'

const filter = process.argv.slice(2)
if (filter.length === 0 && run(process.execPath, ['scripts/check.mjs']) !== 0) process.exit(1)

const broker = await openBroker({ durable: false, log: console.error }).catch((error) => {
  console.error(error.message)
  process.exit(3)
})
const results = join(ROOT, '.millrace', `tests-${process.pid}.json`)
mkdirSync(join(ROOT, '.millrace'), { recursive: true })
const status = run(
  'vitest',
  ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`, ...filter],
  {
    env: workspaceEnv({ MILLRACE_TEST_REDIS: broker.url, REDIS_URL: '' }),
  },
)
await broker.close()
const { numPassedTests, numFailedTests, numPendingTests } = JSON.parse(readFileSync(results, 'utf8'))
console.log(`${numPassedTests} passed, ${numFailedTests} failed, ${numPendingTests} skipped`)
process.exit(status)
