import type { Redis } from 'ioredis'
import type { Brief } from '../dead-letters/briefs/brief.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { type RetentionRule, ruleOf } from './rule.ts'
import type { Kept } from './walk.ts'

/**
 * Since when each of these letters is kept. One that was imported is kept as long again as if it had failed then, or an import
 * of what was removed for its age would be removed at once.
 *
 * Cost: one read for each that failed too long ago.
 */
export async function keptSince(
  client: Redis,
  keys: PoolKeys,
  briefs: readonly Brief[],
  rules: ReadonlyMap<string, RetentionRule>,
  now: number,
): Promise<Kept[]> {
  const isOld = ({ queue, failedAt }: Brief) => now - failedAt > ruleOf(rules, queue).ageMs
  const old = briefs.filter(isOld)
  const pipeline = client.pipeline()
  for (const { id } of old) pipeline.hget(keys.job(DEAD_LETTERS, id), 'timestamp')
  const rows = old.length > 0 ? ((await pipeline.exec()) ?? []) : []
  const writtenAt = new Map(old.map(({ id }, index) => [id, Number(rows[index]?.[1] ?? 0)]))
  return briefs.map(({ id, queue, failedAt }) => ({ id, queue, since: Math.max(failedAt, writtenAt.get(id) ?? 0) }))
}
