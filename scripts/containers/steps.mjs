// What is done to the containers while they work, in this order, and what must be true after each.
import { followLog, readDrain } from './drain.mjs'
import { until } from './pool.mjs'

/** As a container calls itself. */
const hostOf = (/** @type {string} */ id) => id.slice(0, 12)

/**
 * @typedef {{ compose: import('./compose.mjs').Compose, pool: import('./pool.mjs').Pool, env: NodeJS.ProcessEnv }} Stage
 * @typedef {(stage: Stage) => Promise<string>} Step resolves with what was seen, rejects with what was missed
 */

/** @type {Step} */
export async function begin({ compose, pool }) {
  await compose.scale(1)
  await until('the worker is there', async () => (await pool.workers()).length === 1)
  return 'one worker, started when Redis was healthy'
}

/** @type {Step} */
async function scaleUp(stage) {
  await stage.compose.scale(4)
  await allBusy(stage, 4)
  return `four workers run jobs: ${(await stage.pool.workers()).map(({ host, slots }) => `${host} ${slots.active}`).join(', ')}`
}

/** @type {Step} */
async function killWorker(stage) {
  const { compose, pool } = stage
  const victim = (await compose.running('worker')).at(-1) ?? ''
  const gone = (await pool.workers()).filter(({ host }) => host === hostOf(victim)).map(({ id }) => id)
  await compose.docker('kill', '--signal', 'KILL', victim)
  const left = (await compose.running('worker')).length
  await compose.scale(4)
  await allBusy(stage, 4, gone)
  return `${hostOf(victim)} was killed, ${left} went on, and it is back`
}

/** @type {Step} */
async function killRedis({ compose, pool }) {
  const [redis = ''] = await compose.running('redis')
  const before = await succeeded(pool)
  await compose.docker('kill', '--signal', 'KILL', redis)
  await compose.docker('start', redis)
  await until('jobs succeed again', async () => (await succeeded(pool)) > before)
  return `killed and started again; it had kept ${before} ended jobs, and more have ended since`
}

/** @type {Step} */
async function scaleDown({ compose, pool, env }) {
  const open = (await pool.open()).reduce((sum, { jobs }) => sum + jobs.total - jobs.succeeded, 0)
  if (open === 0) throw new Error('There was nothing left to do: this says nothing about draining.')
  const logs = (await compose.running('worker')).map((id) => followLog(id, env))
  try {
    const begun = Date.now()
    await compose.scale(1)
    const took = Math.round((Date.now() - begun) / 1000)
    const left = await compose.running('worker')
    const stopped = logs.filter(({ id }) => !left.includes(id))
    const drains = (await Promise.all(stopped.map((log) => log.whole()))).map(readDrain)
    const rude = drains.filter(({ drained, running }) => !drained || running > 0).length
    if (left.length !== 1 || drains.length !== 3) throw new Error(`Expected three of four to stop; ${left.length} run.`)
    if (rude > 0) throw new Error(`${rude} of three did not finish what they ran before they ended.`)
    const handedBack = drains.reduce((sum, drain) => sum + drain.handedBack, 0)
    return `three drained in ${took} s with ${open} jobs open, and handed ${handedBack} back`
  } finally {
    for (const log of logs) log.leave()
  }
}

/**
 * Under load, after {@link begin}.
 *
 * @type {[name: string, step: Step][]}
 */
export const STEPS = [
  ['scale to 4', scaleUp],
  ['kill a worker', killWorker],
  ['kill Redis', killRedis],
  ['scale to 1', scaleDown],
]

const succeeded = async (/** @type {Stage['pool']} */ pool) =>
  (await pool.list()).reduce((sum, { jobs }) => sum + jobs.succeeded, 0)

/** Every container of the service is a worker that runs jobs. A heartbeat outlives its worker for some seconds: see `gone`. */
async function allBusy(
  /** @type {Stage} */ { compose, pool },
  /** @type {number} */ count,
  /** @type {string[]} */ gone = [],
) {
  await until(`${count} workers run jobs`, async () => {
    const hosts = (await compose.running('worker')).map(hostOf)
    const there = (await pool.workers()).filter(({ id, host }) => hosts.includes(host) && !gone.includes(id))
    return new Set(there.filter(({ slots }) => slots.active > 0).map(({ host }) => host)).size === count
  })
}
