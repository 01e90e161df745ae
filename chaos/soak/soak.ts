// 2,000 queued jobs, 200 at once, one worker, for some minutes: node soak.ts <redis url> <minutes>
import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectBroker, ingest, poolKeys, purgeWorkflow, readSummary } from '@millrace/shared'
import { freshNamespace } from '@millrace/shared/testing'
import { job, plan } from '../../packages/shared/test/engine/room.ts'
import { startFleet } from '../stage/workers.ts'
import { openRandom } from '../stage/workload.ts'
import { findGrowth, LEAST_MINUTES, type Minute, median } from './verdict.ts'

const [QUEUED, CONCURRENCY, MOST_MS] = [2_000, 200, 800]
const [LOOK_EVERY_MS, MINUTE_MS] = [250, 60_000]

const [url = '', minutes = '10'] = process.argv.slice(2)
const keys = poolKeys(freshNamespace())
const client = await connectBroker({ url, role: 'worker' })
const fleet = startFleet(1, { REDIS_URL: url }, [
  ...['--json', '--namespace', keys.namespace, '--concurrency', `${CONCURRENCY}`, '--queues', 'default'],
])
await fleet.ready()
const random = openRandom('soak')

const open = new Map<string, number>() // workflow → its jobs
let submitted = 0
let done = 0

/** Fills the queue up, and removes the workflows that have ended, as the sweeper does with those that are old. */
async function look(): Promise<void> {
  let openJobs = 0
  for (const [id, jobs] of open) {
    const summary = await readSummary(client, keys, id)
    if (summary?.state !== 'succeeded') {
      openJobs += jobs - (summary?.jobs.succeeded ?? 0)
      continue
    }
    await purgeWorkflow(client, keys, id, Date.now() + MINUTE_MS)
    open.delete(id)
    done += jobs
  }
  const missing = QUEUED + CONCURRENCY - openJobs
  if (missing < CONCURRENCY / 2) return
  const id = `soak-${submitted}`
  const jobs = Array.from({ length: missing }, (_, n) =>
    job(`j${n}`, [], { task: 'chaos.nap', with: { ms: random(MOST_MS) } }),
  )
  await ingest(client, keys, plan(jobs), { id })
  open.set(id, missing)
  submitted += missing
}

async function doneByNow(): Promise<number> {
  let count = done
  for (const id of open.keys()) count += (await readSummary(client, keys, id))?.jobs.succeeded ?? 0
  return count
}

const residentMb = (pid: number) =>
  Number(execFileSync('ps', ['-o', 'rss=', '-p', `${pid}`], { encoding: 'utf8' })) / 1024
const redisMb = async () => Number(/used_memory:(\d+)/.exec(await client.info('memory'))?.[1]) / 2 ** 20

async function minute(): Promise<Minute> {
  const [before, begunMono] = [await doneByNow(), performance.now()]
  const samples: { worker: number; redis: number }[] = []
  while (performance.now() - begunMono < MINUTE_MS) {
    await look()
    await sleep(LOOK_EVERY_MS)
    const [worker] = fleet.workers
    if (!worker || fleet.ended.length > 0) throw new Error(`the worker ended: ${JSON.stringify(fleet.ended)}`)
    samples.push({ worker: residentMb(worker.pid), redis: await redisMb() })
  }
  return {
    jobsPerSecond: ((await doneByNow()) - before) / ((performance.now() - begunMono) / 1_000),
    workerMb: median(samples.map(({ worker }) => worker)),
    redisMb: median(samples.map(({ redis }) => redis)),
  }
}

console.log(`${QUEUED} queued, ${CONCURRENCY} at once, one worker, ${minutes} minutes`)
console.log('minute   jobs/s   worker MB   Redis MB')
const seen: Minute[] = []
for (let n = 1; n <= Math.max(1, Math.round(Number(minutes))); n++) {
  const now = await minute()
  seen.push(now)
  const row = [n, now.jobsPerSecond.toFixed(0), now.workerMb.toFixed(0), now.redisMb.toFixed(0)]
  console.log(row.map((cell, index) => String(cell).padStart([6, 9, 12, 11][index] as number)).join(''))
}
await fleet.end()
client.disconnect()

const found = findGrowth(seen)
for (const text of found) console.error(`✗ ${text}`)
if (seen.length < LEAST_MINUTES) console.log(`Too short to judge memory: at least ${LEAST_MINUTES} minutes.`)
else if (found.length === 0) console.log('✓ steady, and memory flat after the first two minutes')
process.exit(found.length > 0 ? 1 : 0)
