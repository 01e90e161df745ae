import type { Redis } from 'ioredis'
import type { Quota } from '../capacity/quotas.ts'
import { tenantLot } from '../capacity/quotas.ts'
import type { AnnouncedTask } from '../pool/heartbeat.ts'
import type { PoolKeys } from '../redis/keys.ts'
import type { LimitFacts } from './facts.ts'

/** A limit of the fleet before anybody has looked how much of it is used. */
export interface Limit {
  readonly lot: string
  readonly slots?: number | undefined
  readonly rate?: { readonly max: number; readonly perMs: number } | undefined
}

/** The limits that workers hold attempts of a task against, as they announce them. */
export function limitsOf(
  task: AnnouncedTask | undefined,
  tenant: string | undefined,
  quota: Quota | undefined,
): Limit[] {
  const { name = '', limit, concurrency } = task ?? {}
  return [
    ...(limit || concurrency !== undefined
      ? [{ lot: limit ? `limit/${name}` : `slots/${name}`, slots: concurrency, rate: limit }]
      : []),
    ...(tenant !== undefined && quota?.active !== undefined ? [{ lot: tenantLot(tenant), slots: quota.active }] : []),
  ]
}

/** How much of a limit is used now. Cost: four short commands. */
export async function readLimit(
  client: Redis,
  keys: PoolKeys,
  { lot, slots, rate }: Limit,
  nowUs: number,
): Promise<LimitFacts> {
  const begunKey = keys.begun(lot)
  const from = `(${nowUs - (rate?.perMs ?? 0) * 1_000}`
  const [used, parked, begun, first] = await Promise.all([
    slots === undefined ? 0 : client.hlen(keys.used(lot)),
    client.zcard(keys.lot(lot)),
    rate ? client.zcount(begunKey, from, '+inf') : 0,
    rate ? client.zrangebyscore(begunKey, from, '+inf', 'WITHSCORES', 'LIMIT', 0, 1) : [],
  ])
  const oldestUs = Number(first[1] ?? 0)
  return {
    lot,
    slots: slots === undefined ? undefined : { used, most: slots },
    rate: rate && {
      ...rate,
      begun,
      roomAt: begun < rate.max ? Math.floor(nowUs / 1_000) : Math.ceil(oldestUs / 1_000) + rate.perMs,
    },
    parked,
  }
}
