import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** What is kept of the dead letters of one queue: what is older, or more than that, is removed, the oldest first. */
export interface RetentionRule {
  readonly ageMs: number
  readonly count: number
}

export interface Retention extends RetentionRule {
  readonly queue: string
}

/** Of a queue that has no rule of its own: 90 days and a million letters. */
export const DEFAULT_RETENTION: RetentionRule = { ageMs: 90 * 86_400_000, count: 1_000_000 }

/** What holds for a queue: its own rule, or that of all. */
export const ruleOf = (rules: ReadonlyMap<string, RetentionRule>, queue: string): RetentionRule =>
  rules.get(queue) ?? DEFAULT_RETENTION

/** The rules of queues that have one, by name. */
export async function readRetention(client: Redis, keys: PoolKeys): Promise<Retention[]> {
  const rules = Object.entries(await client.hgetall(keys.retention))
  return rules
    .map(([queue, text]) => ({ queue, ...DEFAULT_RETENTION, ...(JSON.parse(text) as Partial<RetentionRule>) }))
    .sort((a, b) => (a.queue < b.queue ? -1 : 1))
}

/** Replaces the rule of a queue; what is not said is as {@link DEFAULT_RETENTION} has it. The sweeper follows. */
export async function setRetention(
  client: Redis,
  keys: PoolKeys,
  queue: string,
  rule: { readonly ageMs?: number | undefined; readonly count?: number | undefined },
): Promise<void> {
  if (rule.ageMs === undefined && rule.count === undefined) await client.hdel(keys.retention, queue)
  else await client.hset(keys.retention, queue, JSON.stringify({ ageMs: rule.ageMs, count: rule.count }))
}
