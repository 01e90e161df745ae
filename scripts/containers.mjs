// npm run containers [-- --no-build] [--keep]: scales the workers of docker-compose.yml from 1 to 4 to 1 under load, kills one
// of them and then Redis, and looks whether anything was lost. A project of its own: containers that you run stay as they are.
import { parseArgs } from 'node:util'
import { findCompose, openCompose } from './containers/compose.mjs'
import { keepBusy } from './containers/load.mjs'
import { openPool, until } from './containers/pool.mjs'
import { begin, STEPS } from './containers/steps.mjs'
import { partsByHost, whatIsWrong } from './containers/verdict.mjs'

const MOST_PROBLEMS = 20
const END_WITHIN_MS = 300_000

const { build, keep } = readArguments()
const command = findCompose()
if (!command) {
  console.error('This check needs a Docker engine that answers, and "docker compose" or "docker-compose".')
  process.exit(3)
}
const env = { ...process.env, TASKS: './examples/spread' }
const compose = openCompose(command, `millrace-check-${process.pid}`, env)
const pool = openPool(compose)
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => close().then(() => process.exit(130)))

let code = 1
try {
  if (build) await timed('build the image', async () => `millrace, ${await sizeOf('millrace')}`, compose.build)
  await timed('begin', () => begin({ compose, pool, env }))
  const load = keepBusy(pool)
  try {
    for (const [name, step] of STEPS) await timed(name, () => step({ compose, pool, env }))
  } finally {
    await load.end()
  }
  await timed('count', async () => count(await load.end(), load.parts))
  code = 0
} catch (error) {
  console.error(`✗ ${/** @type {Error} */ (error).message}`)
} finally {
  await close()
}
process.exit(code)

/** Waits until everything has ended, and throws unless all of it succeeded. */
async function count(/** @type {string[]} */ ids, /** @type {number} */ parts) {
  await until('every workflow has ended', async () => (await pool.open()).length === 0, END_WITHIN_MS)
  const jobs = []
  const problems = (await pool.deadLetters()).map((letter) => `dead letter: ${JSON.stringify(letter).slice(0, 300)}`)
  for (const id of ids) {
    const { jobList } = await pool.status(id)
    jobs.push(...jobList)
    problems.push(...whatIsWrong(id, parts, jobList))
  }
  if (problems.length > 0) throw new Error(`Not all of it succeeded:\n${problems.slice(0, MOST_PROBLEMS).join('\n')}`)
  const spread = [...partsByHost(jobs)].map(([host, parts]) => `${host} ${parts}`).join(', ')
  return `nothing lost: ${ids.length} workflows, ${jobs.length} jobs, all succeeded; parts by worker: ${spread}`
}

/** Says that a step begins, and what it saw. */
async function timed(
  /** @type {string} */ name,
  /** @type {() => Promise<string>} */ step,
  /** @type {() => Promise<unknown>} */ before = async () => {},
) {
  const begun = Date.now()
  await before()
  const seen = await step()
  console.log(`✓ ${name} (${((Date.now() - begun) / 1000).toFixed(1)} s): ${seen}`)
}

async function sizeOf(/** @type {string} */ image) {
  const bytes = Number(await compose.docker('image', 'inspect', '--format', '{{.Size}}', image))
  return `${Math.round(bytes / 1e6)} MB`
}

async function close() {
  if (!keep) await compose.down()
}

function readArguments() {
  try {
    const options = /** @type {const} */ ({
      'no-build': { type: 'boolean' },
      keep: { type: 'boolean', default: false },
    })
    const { values } = parseArgs({ options })
    return { build: !values['no-build'], keep: values.keep }
  } catch (error) {
    console.error(
      `${/** @type {Error} */ (error).message}\n\nUsage: npm run containers [-- --no-build] [--keep]

  --no-build   take the image "millrace" as it is
  --keep       leave the containers to look at them`,
    )
    process.exit(2)
  }
}
