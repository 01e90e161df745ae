import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** One value that a task's time limit had, and why. */
export interface TimeLimitChange {
  readonly ms: number
  /** Who decided: a person, the task's own `timeout`, what was measured, or the task's complexity. */
  readonly from: 'hand' | 'task' | 'measured' | 'complexity'
  /** For people. */
  readonly why: string
  /** Since when, ms since 1970. */
  readonly since: number
}

/** The limit that workers give to first attempts of a task, and those it had before, the newest first. */
export interface TimeLimitRecord extends TimeLimitChange {
  readonly before: readonly TimeLimitChange[]
}

/** Earlier values kept per task. */
const MOST_CHANGES = 9

/** The time limits of all tasks as workers have told them, and those fixed by hand, in milliseconds. One round trip. */
export async function readTimeLimits(client: Redis, keys: PoolKeys) {
  const [limits, byHand] = await Promise.all([client.hgetall(keys.timeLimits), client.hgetall(keys.timeLimitsByHand)])
  return {
    limits: new Map(Object.entries(limits).map(([task, text]) => [task, JSON.parse(text) as TimeLimitRecord])),
    byHandMs: new Map(Object.entries(byHand).map(([task, ms]) => [task, Number(ms)])),
  }
}

/** Tells the pool that the limit of a task is another one from now on. */
export async function recordTimeLimit(
  client: Redis,
  keys: PoolKeys,
  task: string,
  { ms, from, why }: Omit<TimeLimitChange, 'since'>,
  known: TimeLimitRecord | undefined,
  now: number = Date.now(),
): Promise<void> {
  const changes = known ? [{ ms: known.ms, from: known.from, why: known.why, since: known.since }, ...known.before] : []
  const record: TimeLimitRecord = { ms, from, why, since: now, before: changes.slice(0, MOST_CHANGES) }
  await client.hset(keys.timeLimits, task, JSON.stringify(record))
}

/** Fixes the limit of a task by hand, or frees it again; workers are told and follow at once. Repeating it changes nothing. */
export async function setTimeLimit(client: Redis, keys: PoolKeys, task: string, ms: number | 'auto'): Promise<void> {
  if (ms === 'auto') await client.hdel(keys.timeLimitsByHand, task)
  else await client.hset(keys.timeLimitsByHand, task, ms)
  await client.publish(keys.timeLimitChanges, task)
}
