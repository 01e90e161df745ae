// npm start [-- --tasks <folder>] [--workers <n>]: a local pool until Ctrl-C.
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { openBroker } from './broker.mjs'
import { ROOT } from './install.mjs'
import { startWorkers } from './workers.mjs'

const { values } = parseArgs({ options: { tasks: { type: 'string' }, workers: { type: 'string', default: '2' } } })
const tasks = values.tasks
  ? resolve(process.env.INIT_CWD ?? '.', values.tasks)
  : join(ROOT, 'examples', 'census', 'tasks')
const count = Number(values.workers)
if (!Number.isInteger(count) || count < 1 || count > 64) {
  console.error(`--workers is "${values.workers}": give a whole number from 1 to 64.`)
  process.exit(2)
}

const broker = await openBroker({ log: console.error }).catch((error) => {
  console.error(error.message)
  process.exit(3)
})
const address = join(ROOT, '.millrace', 'pool.json')
mkdirSync(join(ROOT, '.millrace'), { recursive: true })
writeFileSync(address, JSON.stringify({ url: broker.url, pid: process.pid }))
const workers = startWorkers(count, { url: broker.url, tasks })

console.log(`
Millrace runs: ${count} workers, tasks from ${relative(process.cwd(), tasks) || '.'}, Redis at ${broker.url}

From another terminal, in this folder:
  npx millrace enqueue examples/census/census.workflow.yaml --wait
  npx millrace list
  npx millrace dlq list

Ctrl-C ends it.
`)

let ending = false
async function end(code) {
  if (ending) return
  ending = true
  await workers.end()
  rmSync(address, { force: true })
  await broker.close()
  process.exit(code)
}
process.on('SIGINT', () => end(0))
process.on('SIGTERM', () => end(0))
workers.anyEnd.then((code) => end(code ?? 1))
