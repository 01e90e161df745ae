import type { Redis } from 'ioredis'
import { openOurs } from '../pools/ours.ts'
import { openRaw } from '../pools/raw.ts'
import { defineCase } from '../runner/case.ts'
import { flowFanIn } from '../shapes/flows.ts'
import { layered } from '../shapes/workflows.ts'

/** The longest that one command, script or transaction kept Redis busy during `work`, in ms. */
async function longestMs(redis: Redis, work: () => Promise<unknown>): Promise<number> {
  await redis.config('SET', 'slowlog-log-slower-than', 100)
  await redis.config('SET', 'slowlog-max-len', 10_000)
  await redis.config('SET', 'latency-monitor-threshold', 1)
  await redis.slowlog('RESET')
  await redis.call('LATENCY', 'RESET')
  await work()
  const entries = (await redis.slowlog('GET', 10_000)) as [id: number, at: number, us: number][]
  // the slow log has the commands of a transaction one by one; the latency monitor has all of it, in whole milliseconds
  const events = (await redis.call('LATENCY', 'LATEST')) as [event: string, at: number, last: number, most: number][]
  await redis.config('SET', 'slowlog-log-slower-than', 10_000)
  await redis.config('SET', 'latency-monitor-threshold', 0)
  const transactions = events.filter(([event]) => event === 'command').map(([, , , most]) => most)
  return Math.max(0, ...entries.map(([, , us]) => us / 1_000), ...transactions)
}

export default defineCase({
  name: 'blocked',
  measures:
    'The longest time that Redis answers nobody else during one submission of 10,000 jobs: a layered DAG; raw: one flow of a root and 9,999 leaves.',
  rows: {
    longest: { what: 'one submission of 10,000 jobs blocks Redis', unit: 'ms', target: { of: 'ours', atMost: 25 } },
  },
  async ours(room) {
    await using pool = await openOurs(room)
    const jobs = room.size(10_000, 1_000)
    return { longest: await longestMs(room.redis, () => pool.submitAll([layered(jobs)])) }
  },
  async raw(room) {
    await using pool = await openRaw(room)
    const jobs = room.size(10_000, 1_000)
    return { longest: await longestMs(room.redis, () => pool.flows.add(flowFanIn(jobs - 1))) }
  },
})
