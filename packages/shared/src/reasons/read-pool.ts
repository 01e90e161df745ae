import type { Redis } from 'ioredis'
import { type Quota, readQuotas } from '../capacity/quotas.ts'
import { taskEstimates } from '../estimates/estimates.ts'
import { readWorkers, type WorkerView } from '../pool/heartbeat.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { type BreakerState, readBreakers } from '../resources/breakers.ts'
import { readTimeLimits } from '../time-limits/time-limits.ts'
import type { Circumstances, JobFacts, Paused } from './facts.ts'
import { pausedBy } from './paused-by.ts'
import { limitsOf, readLimit } from './read-limits.ts'

/** What holds for all jobs of a pool. */
export interface PoolRead {
  readonly now: number
  readonly nowUs: number
  readonly workers: readonly WorkerView[]
  readonly breakers: ReadonlyMap<string, BreakerState>
  readonly medians: ReadonlyMap<string, number>
  readonly timeLimitsMs: ReadonlyMap<string, number>
  readonly quotas: ReadonlyMap<string, Quota>
  /** Lot of what is paused → since when. */
  readonly pauses: ReadonlyMap<string, number>
}

/** Cost: some eight reads of small hashes in one round trip. */
export async function readPool(client: Redis, keys: PoolKeys, now: number): Promise<PoolRead> {
  const [time, workers, breakers, medians, { limits, byHandMs }, quotas, pauses] = await Promise.all([
    client.time(),
    readWorkers(client, keys, now),
    readBreakers(client, keys),
    taskEstimates(client, keys),
    readTimeLimits(client, keys),
    readQuotas(client, keys),
    client.hgetall(keys.pauses),
  ])
  return {
    now,
    nowUs: Number(time[0]) * 1_000_000 + Number(time[1]),
    workers,
    breakers,
    medians,
    timeLimitsMs: new Map([...[...limits].map(([task, { ms }]) => [task, ms] as const), ...byHandMs]),
    quotas,
    pauses: new Map(Object.entries(pauses).map(([lot, at]) => [lot, Number(at)])),
  }
}

/** What holds for one job besides. Cost: a few short commands in one round trip, and a look into the audit log when it is paused. */
export async function readCircumstances(
  client: Redis,
  keys: PoolKeys,
  pool: PoolRead,
  job: JobFacts,
  workflow: Circumstances['workflow'],
): Promise<Circumstances> {
  const { task, queue, tenant } = job
  const announced = pool.workers.flatMap(({ tasks }) => tasks).find(({ name }) => name === task)
  const limits = limitsOf(announced, tenant, tenant === undefined ? undefined : pool.quotas.get(tenant))
  const [active, isPaused, used] = await Promise.all([
    client.llen(keys.queue(queue, 'active')),
    client.hexists(keys.queue(queue, 'meta'), 'paused'),
    Promise.all(limits.map((limit) => readLimit(client, keys, limit, pool.nowUs))),
  ])
  const { now, workers, breakers, medians } = pool
  return {
    ...{ now, workers, breakers, medians, active, workflow, limits: used },
    pauses: await readPauses(client, keys, pool, { task, workflow: job.workflow, queue: isPaused ? queue : undefined }),
    timeLimitMs: pool.timeLimitsMs.get(task),
  }
}

/** Which of these are paused, since when and by whom. `queue` only when it is known to be paused. */
export async function readPauses(
  client: Redis,
  keys: PoolKeys,
  { pauses }: Pick<PoolRead, 'pauses'>,
  of: {
    readonly task?: string | undefined
    readonly workflow?: string | undefined
    readonly queue?: string | undefined
  },
): Promise<Circumstances['pauses']> {
  const kinds = (['task', 'workflow', 'queue'] as const).filter((kind) => {
    return of[kind] !== undefined && (kind === 'queue' || pauses.has(`${kind}/${of[kind]}`))
  })
  const known = await pausedBy(
    client,
    keys,
    kinds.map((kind) => `${kind} ${of[kind]}`),
  )
  const paused = (kind: (typeof kinds)[number]): Paused => {
    const noted = known.get(`${kind} ${of[kind]}`)
    const since = pauses.get(`${kind}/${of[kind]}`)
    return { at: since ?? noted?.at, by: noted?.by }
  }
  return Object.fromEntries(kinds.map((kind) => [kind, paused(kind)]))
}
