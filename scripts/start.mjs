// npm start [-- --tasks <folder>] [--workers <n>]: a local pool until Ctrl-C.
import { statSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openBroker } from './broker.mjs'
import { startDashboard } from './dashboard.mjs'
import { ROOT } from './install.mjs'
import { claimAddress } from './pool-address.mjs'
import { startWorkers } from './workers.mjs'

const USAGE = 'Usage: npm start [-- --tasks <folder>] [--workers <1 to 64, default 2>]'
const CONCURRENCY = 8
/** One Ctrl-C may arrive twice, from the terminal and from npm. */
const SAME_SIGNAL_MS = 500
const CENSUS_TASKS = join(ROOT, 'examples/census/tasks')
const ADDRESS = join(ROOT, '.millrace', 'pool.json')

const { tasks, count } = readArguments()
const broker = await openBroker({ log: console.error }).catch((error) => {
  console.error(`${error.message}${error.code ? ` [${error.code}]` : ''}`)
  process.exit(3)
})
const releaseAddress = claimAddress(ADDRESS, broker.url)
const address = withoutPassword(broker.url)
const dashboard = await startDashboard({ url: broker.url })

console.log(`
Millrace runs: ${count} workers, tasks from ${relative(process.cwd(), tasks) || '.'}, Redis at ${address}
Watch it at ${dashboard.url}

From another terminal, in this folder:
${releaseAddress ? '' : `  export REDIS_URL=${address}     # another pool runs here: npx millrace would talk to that one\n`}\
  npx millrace enqueue ${tasks === CENSUS_TASKS ? 'examples/census/census.workflow.yaml' : '<workflow.yaml>'} --wait
  npx millrace list
  npx millrace dlq list
${releaseAddress ? `From anywhere else: REDIS_URL=${address}\n` : ''}
Ctrl-C ends it: the workers finish what they have, or hand it back. A second one does not wait for them.
`)
const workers = startWorkers(count, { url: broker.url, tasks, concurrency: CONCURRENCY })

let endingSince = 0
async function end(/** @type {number} */ code) {
  if (endingSince) return
  endingSince = Date.now()
  await Promise.all([workers.end(), dashboard.end()])
  releaseAddress?.()
  await broker.close()
  process.exit(code)
}
function onSignal() {
  if (endingSince && Date.now() - endingSince > SAME_SIGNAL_MS) {
    workers.kill()
    dashboard.kill()
  } else end(0)
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal)
workers.anyEnd.then((code) => end(code || 1))
broker.ended.then(() => {
  if (!endingSince) console.error('Redis has ended, and nobody asked it to: the pool ends as well.')
  end(3)
})

function readArguments() {
  try {
    const options = /** @type {const} */ ({ tasks: { type: 'string' }, workers: { type: 'string', default: '2' } })
    const { values } = parseArgs({ options })
    const count = Number(values.workers)
    if (!Number.isInteger(count) || count < 1 || count > 64) {
      throw new Error(`--workers is "${values.workers}": give a whole number from 1 to 64.`)
    }
    const from = process.env.INIT_CWD ?? '.'
    const tasks = values.tasks === undefined ? CENSUS_TASKS : resolve(from, values.tasks)
    if (!statSync(tasks, { throwIfNoEntry: false })?.isDirectory()) throw new Error(`"${tasks}" is not a folder.`)
    return { tasks, count }
  } catch (error) {
    console.error(`${/** @type {Error} */ (error).message}\n${USAGE}`)
    process.exit(2)
  }
}

function withoutPassword(/** @type {string} */ url) {
  const shown = new URL(url)
  if (shown.password) shown.password = '***'
  return `${shown}`
}
