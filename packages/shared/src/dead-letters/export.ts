import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import type { DeadLetterFilter } from '../views/views.ts'
import { scanPart } from './scan.ts'

/** Letters read at once: an input may be large. */
const LETTERS_PER_READ = 25

/**
 * The dead letters that match as lines of NDJSON, `{ "id": …, "letter": … }`, the newest first. A letter's text is given
 * as it is stored, so that nothing is lost on the way. Some dozen are held at once.
 */
export async function* exportDeadLetters(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<string> {
  for (let before: number | undefined; ; ) {
    const { briefs, next } = await scanPart(client, keys, filter, { before, now })
    for (let from = 0; from < briefs.length; from += LETTERS_PER_READ) {
      const ids = briefs.slice(from, from + LETTERS_PER_READ).map(({ id }) => id)
      yield* readLines(client, keys, ids)
    }
    if (next === undefined) return
    before = next
  }
}

async function* readLines(client: Redis, keys: PoolKeys, ids: readonly string[]): AsyncGenerator<string> {
  const pipeline = client.pipeline()
  for (const id of ids) pipeline.hget(keys.job(DEAD_LETTERS, id), 'data')
  const replies = (await pipeline.exec()) ?? []
  for (const [index, id] of ids.entries()) {
    const [error, text] = replies[index] ?? []
    if (error) throw error
    if (text) yield `{"id":${JSON.stringify(id)},"letter":${text}}` // else replayed or discarded since
  }
}
