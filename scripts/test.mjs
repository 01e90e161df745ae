// npm test [-- <vitest arguments>]: the checks, then all tests against a Redis of their own. With arguments: only tests.
import { run } from './install.mjs'
import { runTests } from './run-tests.mjs'

const filter = process.argv.slice(2)
const begun = Date.now()
if (filter.length === 0 && run(process.execPath, ['scripts/check.mjs']) !== 0) process.exit(1)
process.exit(await runTests(filter, begun))
