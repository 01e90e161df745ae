import type { Redis } from 'ioredis'
import { orderAll } from '../control/order.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import { callBack } from '../limits/call-back.ts'
import { unparkJobs } from '../parking/unpark.ts'
import type { PoolKeys } from '../redis/keys.ts'

/** How many jobs of a tenant may be in line, and how many may run at once; absent: as many as come. */
export interface Quota {
  readonly queued?: number | undefined
  readonly active?: number | undefined
}

export interface TenantView {
  readonly name: string
  /** Jobs that have been submitted and neither ended nor, as far as that is counted, begun. */
  readonly queued: number
  /** Jobs that run; counted only where there is a quota. */
  readonly active: number | undefined
  readonly quota: Quota
}

/** The lot of a tenant's jobs that wait until fewer of them run. */
export const tenantLot = (tenant: string): string => `tenant/${tenant}`

const MOST = 100_000_000
const NAME = /^[A-Za-z_][A-Za-z0-9_.-]{0,99}$/

/**
 * Replaces the quota of a tenant; an empty one takes it away. What is in line or runs already stays.
 *
 * @throws MillraceError MILLRACE_USAGE with what is wrong.
 */
export async function setQuota(client: Redis, keys: PoolKeys, tenant: string, quota: Quota): Promise<void> {
  if (!NAME.test(tenant)) {
    throw new MillraceError('MILLRACE_USAGE', `${JSON.stringify(tenant)} cannot be the name of a tenant.`)
  }
  for (const [field, most] of Object.entries(quota)) {
    if (most === undefined || (Number.isInteger(most) && most >= 1 && most <= MOST)) continue
    throw new MillraceError('MILLRACE_USAGE', `${field} is ${most}; give a whole number from 1 to ${MOST}.`)
  }
  const { queued, active } = quota
  const lot = tenantLot(tenant)
  if (queued === undefined && active === undefined) await client.hdel(keys.quotas, tenant)
  else await client.hset(keys.quotas, tenant, `${queued ?? ''}:${active ?? ''}`)
  await orderAll(client, keys)
  if (active === undefined) {
    await client.hdel(keys.rules, lot)
    await unparkJobs(client, keys, lot)
  } else if (await client.hexists(keys.rules, lot)) {
    await client.hset(keys.rules, lot, `${active}:0:0`)
    await callBack(client, keys, lot)
  }
}

/** The quotas of all tenants that have one. */
export async function readQuotas(client: Redis, keys: PoolKeys): Promise<ReadonlyMap<string, Quota>> {
  const quotas = Object.entries(await client.hgetall(keys.quotas))
  return new Map(quotas.map(([tenant, text]) => [tenant, quotaOf(text)]))
}

function quotaOf(text: string): Quota {
  const [queued, active] = text.split(':').map((part) => (part === '' ? undefined : Number(part)))
  return { queued, active }
}

/** Tenants that have a quota, or jobs that have not ended, by name. */
export async function readTenants(client: Redis, keys: PoolKeys): Promise<TenantView[]> {
  const [quotas, open] = await Promise.all([readQuotas(client, keys), client.hgetall(keys.open)])
  const names = [...new Set([...quotas.keys(), ...Object.keys(open)])].toSorted()
  return await Promise.all(
    names.map(async (name) => {
      const quota = quotas.get(name) ?? {}
      const active = quota.active === undefined ? undefined : await client.hlen(keys.used(tenantLot(name)))
      return { name, queued: Number(open[name] ?? 0) - (active ?? 0), active, quota }
    }),
  )
}
