import { defineTask } from '@millrace/worker'
import { Redis } from 'ioredis'
import { z } from 'zod'
import { machineMs } from '../tally.ts'

const { REDIS_URL = 'redis://127.0.0.1:6379', BENCH_HISTORY = 'history' } = process.env
const history = new Redis(REDIS_URL, { maxRetriesPerRequest: null, lazyConnect: true })

/**
 * Waits as long as a job of a trace took, never less, and writes the history that is checked at the end: what began
 * and what ended, in the order in which Redis heard of it. A job is complete when its end stands there.
 */
export default defineTask({ name: 'bench.wait', input: z.object({ ms: z.number() }) }, async ({ ms }, ctx) => {
  const endMs = machineMs() + ms
  await history.rpush(BENCH_HISTORY, `start ${ctx.job.name}`)
  for (let left = endMs - machineMs(); left > 0; left = endMs - machineMs()) {
    await new Promise((resolve) => setTimeout(resolve, Math.ceil(left)))
  }
  await history.rpush(BENCH_HISTORY, `end ${ctx.job.name}`)
})
