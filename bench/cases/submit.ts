import { measured } from '../pools/measured.ts'
import { type OurPool, openOurs } from '../pools/ours.ts'
import { openRaw, type RawPool } from '../pools/raw.ts'
import { type Case, defineCase, type Target } from '../runner/case.ts'
import { plain } from '../shapes/flows.ts'
import { range } from '../shapes/payload.ts'
import { independent, single } from '../shapes/workflows.ts'

interface Way {
  readonly name: string
  readonly what: string
  readonly measures: string
  readonly target?: Target
  readonly full: number
  readonly ours: (pool: OurPool, jobs: number) => Promise<unknown>
  readonly raw: (pool: RawPool, jobs: number) => Promise<unknown>
}

const WAYS: Way[] = [
  {
    name: 'submit-one-by-one',
    what: 'single jobs, each awaited',
    measures: 'Workflows of one job, each submitted when the one before is there; raw: queue.add.',
    full: 5_000,
    async ours({ producer }, jobs) {
      for (const n of range(jobs)) await producer.submit(single(n))
    },
    async raw({ queue }, jobs) {
      for (const { name, data } of plain(jobs)) await queue.add(name, data)
    },
  },
  {
    name: 'submit-at-once',
    what: 'single jobs, all at once',
    measures: 'Workflows of one job, all submitted at once with Promise.all; raw: queue.add with Promise.all.',
    target: { of: 'ratio', atLeast: 1 },
    full: 10_000,
    ours: ({ producer }, jobs) => Promise.all(range(jobs).map((n) => producer.submit(single(n)))),
    raw: ({ queue }, jobs) => Promise.all(plain(jobs).map(({ name, data }) => queue.add(name, data))),
  },
  {
    name: 'submit-many',
    what: 'single jobs in bulk',
    measures: 'Workflows of one job, a hundred under way at any time; raw: addBulk, 1,000 a call.',
    target: { of: 'ratio', atLeast: 1.4 },
    full: 10_000,
    ours: (pool, jobs) => pool.submitAll(range(jobs).map(single)),
    raw: (pool, jobs) => pool.addBulk(plain(jobs)),
  },
  {
    name: 'submit-workflow',
    what: 'one workflow of 10,000 independent jobs',
    measures: 'One workflow of 10,000 independent jobs; raw: addBulk, 1,000 a call.',
    target: { of: 'ratio', atLeast: 1.4 },
    full: 10_000,
    ours: (pool, jobs) => pool.submitAll(independent(jobs)),
    raw: (pool, jobs) => pool.addBulk(plain(jobs)),
  },
]

async function time(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now()
  await work()
  return performance.now() - beganMs
}

export default WAYS.map(
  ({ name, what, measures, target, full, ours, raw }): Case =>
    defineCase({
      name,
      measures,
      rows: { rate: { what: `submit: ${what}`, unit: 'jobs/s', ...(target && { target }) } },
      async ours(room) {
        await using pool = await openOurs(room)
        const [warm, jobs] = [room.size(2_000, 100), room.size(full, 500)]
        await ours(pool, warm)
        const { value: ms } = await measured(room, pool, () => time(() => ours(pool, jobs)))
        verifyWaiting(await pool.redis.zcard(pool.key('prioritized')), warm + jobs)
        return { rate: jobs / (ms / 1_000) }
      },
      async raw(room) {
        await using pool = await openRaw(room)
        const [warm, jobs] = [room.size(2_000, 100), room.size(full, 500)]
        await raw(pool, warm)
        const ms = await time(() => raw(pool, jobs))
        verifyWaiting(await pool.redis.llen(pool.key('wait')), warm + jobs)
        return { rate: jobs / (ms / 1_000) }
      },
    }),
)

function verifyWaiting(found: number, expected: number): void {
  if (found !== expected) throw new Error(`expected ${expected} jobs to wait in the queue; there are ${found}`)
}
