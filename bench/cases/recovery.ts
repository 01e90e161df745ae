import { until } from '@millrace/shared/testing'
import type { Redis } from 'ioredis'
import { openOurs } from '../pools/ours.ts'
import { type Pool, untilCompleted, verify } from '../pools/pool.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import { range } from '../shapes/payload.ts'
import { independent } from '../shapes/workflows.ts'

const IN_FLIGHT = 50
/** Raw BullMQ needs a minute by default, and longer when the moment is bad. */
const PATIENCE_MS = 180_000

const active = (redis: Redis, pool: Pool) => redis.llen(pool.key('active'))

/** Kills the only worker while it runs all the jobs; another one waits. Gives the seconds until all are done. */
async function recover(pool: Pool, add: () => Promise<unknown>): Promise<number> {
  const [victim] = await pool.startWorkers({ concurrency: IN_FLIGHT, victim: true })
  await add()
  await until(async () => (await active(pool.redis, pool)) === IN_FLIGHT)
  const [rescuer] = await pool.startWorkers({ concurrency: IN_FLIGHT })
  if (!victim || !rescuer) throw new Error('the workers did not start')
  await rescuer.begin()
  const killedMs = performance.now()
  await victim.kill()
  const seconds = ((await untilCompleted(pool, IN_FLIGHT, PATIENCE_MS)) - killedMs) / 1_000
  await verify(pool, IN_FLIGHT, 0, [await rescuer.report()])
  return seconds
}

export default defineCase({
  name: 'recovery',
  measures: `From kill -9 of a worker with ${IN_FLIGHT} jobs in flight until another one has done them all, both sides with their defaults.`,
  rows: {
    time: {
      what: `kill -9 with ${IN_FLIGHT} in flight, until all are done`,
      unit: 's',
      target: { of: 'ratio', atMost: 0.3 },
    },
  },
  together: true,
  async ours(room) {
    await using pool = await openOurs(room)
    return { time: await recover(pool, () => pool.submitAll(independent(IN_FLIGHT, () => ({ task: 'bench.hang' })))) }
  },
  async raw(room) {
    await using pool = await openRaw(room)
    return { time: await recover(pool, () => pool.addBulk(range(IN_FLIGHT).map(() => ({ name: 'hang', data: {} })))) }
  },
})
