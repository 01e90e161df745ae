import { randomBytes } from 'node:crypto'
import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import type { StopRule } from './stop-rule.ts'

export interface ReplayOrder {
  /** Default 1,000. */
  readonly ratePerSecond?: number
  /** So many go first; the rest follows when all of them have succeeded. */
  readonly canary?: number
  readonly stopIf?: StopRule
  readonly actor?: string
}

const DEFAULT_RATE = 1_000
const LETTERS_PER_WRITE = 500
/** An order whose author vanished while writing it is forgotten after so long. */
const PREPARING_MS = 3_600_000
const LISTED_MS = 30 * 86_400_000

/**
 * Orders a paced replay of these letters; any worker of the pool carries it out. The letters are fixed now: what fails
 * meanwhile, or fails again, is not replayed by the way.
 *
 * @param letters ids, the newest first: the oldest is replayed first
 * @returns its id
 */
export async function startReplay(
  client: Redis,
  keys: PoolKeys,
  letters: AsyncIterable<string> | Iterable<string>,
  { ratePerSecond = DEFAULT_RATE, canary = 0, stopIf, actor = '' }: ReplayOrder = {},
): Promise<string> {
  const id = `r${Date.now().toString(36)}${randomBytes(3).toString('hex')}`
  const record = keys.paced(id)
  const list = keys.pacedPart(id, 'letters')
  await client
    .multi()
    .hset(record, { state: 'preparing', rate: ratePerSecond, canary, actor, startedAt: Date.now(), ...stopIf })
    .pexpire(record, PREPARING_MS)
    .exec()

  let [total, gone] = [0, 0]
  let page = new Set<string>()
  const write = async () => {
    const chosen = [...page]
    page = new Set()
    if (chosen.length === 0) return
    const pipeline = client.pipeline()
    for (const letter of chosen) pipeline.zscore(keys.queue(DEAD_LETTERS, 'prioritized'), letter)
    const scores = ((await pipeline.exec()) ?? []).map(([, score]) => score as string | null)
    const entries = chosen.flatMap((letter, index) => (scores[index] ? [`${letter}\n${scores[index]}`] : []))
    total += chosen.length
    gone += chosen.length - entries.length
    if (entries.length > 0)
      await client
        .multi()
        .lpush(list, ...entries)
        .pexpire(list, PREPARING_MS)
        .exec()
  }
  for await (const letter of letters) {
    page.add(letter)
    if (page.size >= LETTERS_PER_WRITE) await write()
  }
  await write()

  const now = Date.now()
  const [seconds = 0, micros = 0] = (await client.time()).map(Number)
  const serverNow = seconds * 1_000 + Math.floor(micros / 1_000)
  await client
    .multi()
    .hset(record, { state: 'running', total, gone, startedAt: now, dueAt: serverNow, fastAt: serverNow })
    .persist(record)
    .persist(list)
    .zremrangebyscore(keys.pacedReplays, '-inf', now - LISTED_MS)
    .zadd(keys.pacedReplays, now, id)
    .sadd(keys.pacedOpen, id)
    .exec()
  return id
}
