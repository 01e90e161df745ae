// npm test [-- <vitest arguments>]: the checks, then all tests against a Redis of their own. With arguments: only tests.
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openBroker } from './broker.mjs'
import { countTests } from './count-tests.mjs'
import { ROOT, run, workspaceEnv } from './install.mjs'

const filter = process.argv.slice(2)
const begun = Date.now()
if (filter.length === 0 && run(process.execPath, ['scripts/check.mjs']) !== 0) process.exit(1)

const broker = await openBroker({ durable: false, log: console.error }).catch((error) => {
  console.error(`${error.message}${error.code ? ` [${error.code}]` : ''}`)
  process.exit(3)
})
const results = join(ROOT, '.millrace', `tests-${process.pid}.json`)
mkdirSync(join(ROOT, '.millrace'), { recursive: true })
const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
const status = run('vitest', ['run', ...reporters, ...filter], {
  env: workspaceEnv({ MILLRACE_TEST_REDIS: broker.url, REDIS_URL: '' }),
})
await broker.close()
if (!existsSync(results)) {
  console.error('The tests did not run to their end: there is no result to count.')
  process.exit(status || 1)
}
const { passed, failed, skipped } = countTests(JSON.parse(readFileSync(results, 'utf8')))
rmSync(results)
console.log(`Took ${Math.round((Date.now() - begun) / 1000)} s.`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
process.exit(status)
