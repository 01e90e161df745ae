import type { Redis } from 'ioredis'
import { scanPart } from '../dead-letters/briefs/scan.ts'
import { discardDeadLetters } from '../dead-letters/discard.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { purgeWorkflow } from '../upkeep/purge.ts'
import { keptSince } from './kept-since.ts'
import { readRetention } from './rule.ts'
import { expired, type Walk } from './walk.ts'

const letteredScript = readScript<number>(new URL('./lettered.lua', import.meta.url))

/** Of one turn: letters looked at, and failed workflows. */
const CALLS_PER_TURN = 5
const LETTERS_PER_CALL = 1_000
const WORKFLOWS_PER_TURN = 20
const JOBS_PER_CALL = 1_000

interface Position extends Walk {
  /** How many of the oldest failed workflows were kept in this walk. */
  readonly kept: number
}

const START: Position = { met: {}, kept: 0 }

/**
 * Removes dead letters that their queue's rule does not keep, and failed workflows that nobody can replay any more: none
 * of their jobs has a dead letter, and they ended before `before`. One bounded turn; the next goes on where it ended.
 *
 * @returns how many were removed.
 */
export async function enforceRetention(
  client: Redis,
  keys: PoolKeys,
  before: number,
  now: number = Date.now(),
): Promise<{ readonly letters: number; readonly workflows: number }> {
  const text = await client.get(keys.retentionWalk)
  const position: Position = text === null ? START : (JSON.parse(text) as Position)
  const { walk, removed } = await walkLetters(client, keys, position, now)
  const { kept, purged } = await walkFailed(client, keys, position.kept, before)
  const next: Position = { ...walk, kept }
  if (JSON.stringify(next) !== text) await client.set(keys.retentionWalk, JSON.stringify(next))
  return { letters: removed, workflows: purged }
}

async function walkLetters(client: Redis, keys: PoolKeys, from: Walk, now: number) {
  const rules = new Map((await readRetention(client, keys)).map((rule) => [rule.queue, rule]))
  let walk: Walk = { before: from.before, met: from.met }
  let removed = 0
  for (let call = 0; call < CALLS_PER_TURN; call++) {
    const { briefs, next } = await scanPart(client, keys, {}, { before: walk.before, most: LETTERS_PER_CALL, now })
    const { ids, met } = expired(await keptSince(client, keys, briefs, rules, now), walk.met, rules, now)
    removed += (await discardDeadLetters(client, keys, ids)).length
    if (next === undefined) return { walk: { met: {} }, removed }
    walk = { before: next, met }
  }
  return { walk, removed }
}

async function walkFailed(client: Redis, keys: PoolKeys, from: number, before: number) {
  const page = [before, 'LIMIT', from, WORKFLOWS_PER_TURN] as const
  const ids = await client.zrangebyscore(keys.index('failed'), '-inf', ...page)
  let purged = 0
  for (const id of ids) {
    if (!(await hasLetters(client, keys, id)) && (await purgeWorkflow(client, keys, id, before))) purged++
  }
  return { kept: ids.length < WORKFLOWS_PER_TURN ? 0 : from + ids.length - purged, purged }
}

async function hasLetters(client: Redis, keys: PoolKeys, id: string): Promise<boolean> {
  for (let from = 0; ; from += JOBS_PER_CALL) {
    const found = await letteredScript(client, [keys.jobs(id)], [keys.prefix, from, from + JOBS_PER_CALL - 1])
    if (found !== 0) return found === 1
  }
}
