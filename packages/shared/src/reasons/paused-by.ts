import type { Redis } from 'ioredis'
import { scanAudit } from '../audit/audit.ts'
import type { PoolKeys } from '../redis/keys.ts'
import type { Paused } from './facts.ts'

/** So many entries are looked through, the newest first; who paused something before them is no longer known. */
const MOST_ENTRIES = 2_000

/**
 * Who paused these subjects last, e.g. `task mail.send`, and when. Cost: up to four reads of 500 entries, none when nothing
 * is asked.
 */
export async function pausedBy(
  client: Redis,
  keys: PoolKeys,
  subjects: readonly string[],
): Promise<ReadonlyMap<string, Paused>> {
  const found = new Map<string, Paused>()
  if (subjects.length === 0) return found
  let left = MOST_ENTRIES
  for await (const { action, subject, actor, at } of scanAudit(client, keys)) {
    if (action === 'pause' && subjects.includes(subject) && !found.has(subject)) found.set(subject, { at, by: actor })
    if (found.size === subjects.length || --left === 0) break
  }
  return found
}
