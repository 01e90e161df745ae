import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { openBroker } from './broker.mjs'
import { findBrowser, installBrowser } from './browser.mjs'
import { countTests } from './count-tests.mjs'
import { ROOT, run, workspaceEnv } from './install.mjs'
import { findPrometheus, installPrometheus } from './prometheus.mjs'

/**
 * Runs tests against a Redis of their own, and says at the end how many passed.
 *
 * @param {string[]} args for vitest
 * @param {number} begun since when it is counted, ms since 1970
 * @returns {Promise<number>} the exit code
 */
export async function runTests(args, begun = Date.now()) {
  const broker = await openBroker({ durable: false, log: console.error }).catch((error) => {
    console.error(`${error.message}${error.code ? ` [${error.code}]` : ''}`)
    process.exit(3)
  })
  const whole = args.length === 0
  const browser = findBrowser() ?? (whole && installBrowser(process.env, console.error) ? findBrowser() : undefined)
  const prometheus =
    findPrometheus() ?? (whole && installPrometheus(process.env, console.error) ? findPrometheus() : undefined)
  const results = join(ROOT, '.millrace', `tests-${process.pid}.json`)
  mkdirSync(join(ROOT, '.millrace'), { recursive: true })
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`]
  const status = run('vitest', ['run', ...reporters, ...args], {
    env: workspaceEnv({
      MILLRACE_TEST_REDIS: broker.url,
      MILLRACE_TEST_BROWSER: browser,
      MILLRACE_TEST_PROMETHEUS: prometheus,
      REDIS_URL: '',
    }),
  })
  await broker.close()
  if (!existsSync(results)) {
    console.error('The tests did not run to their end: there is no result to count.')
    return status || 1
  }
  const { passed, failed, skipped } = countTests(JSON.parse(readFileSync(results, 'utf8')))
  rmSync(results)
  console.log(`Took ${Math.round((Date.now() - begun) / 1000)} s.`)
  console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
  return status
}
