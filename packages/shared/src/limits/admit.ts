import type { Redis } from 'ioredis'
import type { LockedJob } from '../engine/spawn.ts'
import { parkingKeys, refuseParking } from '../parking/park.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { type LimitRule, ruleArguments } from './rule.ts'

const admitScript = readScript<[code: number, waits?: Waits, lot?: string, why?: string]>(
  new URL('./admit.lua', import.meta.url),
)
const leaveScript = readScript<Waits>(new URL('./leave.lua', import.meta.url))

/** A job in a lot comes back by itself after so long, whoever forgets to call it. */
const LONGEST_PARKING_MS = 600_000

/** Lots from which somebody should call back, each followed by the ms after which. */
type Waits = readonly (string | number)[]

/** Somebody should call back from the lot after so long. */
export interface LaterCall {
  readonly lot: string
  readonly afterMs: number
}

export interface Admission {
  readonly admitted: boolean
  /** The lot it was put into, and why, for people; empty when it was admitted. */
  readonly lot: string
  readonly why: string
  readonly calls: readonly LaterCall[]
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
  const [code, waits = [], lot = '', why = ''] = await admitScript(client, target, args)
  refuseParking(code, id)
  return { admitted: code === 1, lot, why, calls: callsOf(waits) }
}

/** Gives the places of an attempt that has ended to those who wait for them. Safe to repeat. @returns as an admission. */
export async function leaveLimits(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  rules: readonly LimitRule[],
): Promise<readonly LaterCall[]> {
  const held = rules.filter(({ slots }) => slots !== undefined)
  if (held.length === 0) return []
  const args = [keys.prefix, `${job.queueName}:${job.id}`, token, ...ruleArguments(held)]
  return callsOf(await leaveScript(client, [keys.lots], args))
}

const callsOf = (waits: Waits): LaterCall[] =>
  Array.from({ length: waits.length / 2 }, (_, index) => ({
    lot: waits[2 * index] as string,
    afterMs: waits[2 * index + 1] as number,
  }))
