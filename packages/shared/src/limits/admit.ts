import type { Redis } from 'ioredis'
import type { LockedJob } from '../engine/spawn.ts'
import { parkingKeys, refuseParking } from '../parking/park.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { type LimitRule, ruleArguments } from './rule.ts'

const admitScript = readScript<[code: number, lot?: string, waitMs?: number, why?: string]>(
  new URL('./admit.lua', import.meta.url),
)
const leaveScript = readScript<number>(new URL('./leave.lua', import.meta.url))

/** A job in a lot comes back by itself after so long, whoever forgets to call it. */
const LONGEST_PARKING_MS = 600_000

export interface Admission {
  readonly admitted: boolean
  /** The lot of the rule that keeps it out; of an admitted job the one where others wait for time to pass, or ''. */
  readonly lot: string
  /** When somebody should call back from the lot, in ms from now; 0: nobody need. */
  readonly waitMs: number
  /** Why it was put aside, for people. */
  readonly why: string
}

/**
 * Lets a job begin when all rules have room for it, and counts it. Else it has been put aside by the same script, so that
 * nobody who leaves in this moment overlooks it.
 *
 * @throws MillraceError MILLRACE_CANCELLED or MILLRACE_LOCK_LOST.
 */
export async function admitJob(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  rules: readonly LimitRule[],
  now: () => number = Date.now,
): Promise<Admission> {
  const queue = job.queueName
  const id = job.id as string
  const target = [...parkingKeys(keys, queue, id), keys.lots, keys.rules]
  const args = [keys.prefix, queue, id, token, now(), LONGEST_PARKING_MS, ...ruleArguments(rules)]
  const [code, lot = '', waitMs = 0, why = ''] = await admitScript(client, target, args)
  refuseParking(code, id)
  return { admitted: code === 1, lot, waitMs, why }
}

/** Gives the places of an attempt that has ended to those who wait for them. Safe to repeat. */
export async function leaveLimits(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  rules: readonly LimitRule[],
): Promise<void> {
  const held = rules.filter(({ perMs }) => perMs === 0)
  if (held.length === 0) return
  const args = [keys.prefix, `${job.queueName}:${job.id}`, token, ...ruleArguments(held)]
  await leaveScript(client, [keys.lots], args)
}
