import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import type { DeadLetter, DeadLetterFilter } from '../views/views.ts'
import { matches, readLetter } from './letter.ts'

const LETTERS_PER_READ = 200

/** One dead letter, or `undefined` when there is none of this id. */
export async function readDeadLetter(client: Redis, keys: PoolKeys, id: string): Promise<DeadLetter | undefined> {
  const text = await client.hget(keys.job(DEAD_LETTERS, id), 'data')
  return text ? readLetter(id, text) : undefined
}

/** The dead letters that match, newest first, read in pages: however many there are, few are held at once. */
export async function* scanDeadLetters(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<DeadLetter> {
  const letters = keys.queue(DEAD_LETTERS, 'prioritized')
  let before = '+inf'
  for (;;) {
    const page = await client.zrevrangebyscore(letters, before, '-inf', 'WITHSCORES', 'LIMIT', 0, LETTERS_PER_READ)
    if (page.length === 0) return
    const ids = page.filter((_, index) => index % 2 === 0)
    const pipeline = client.pipeline()
    for (const id of ids) pipeline.hget(keys.job(DEAD_LETTERS, id), 'data')
    const texts = (await pipeline.exec()) ?? []
    for (const [index, id] of ids.entries()) {
      const text = texts[index]?.[1] as string | null | undefined
      if (!text) continue // replayed or discarded since
      const letter = readLetter(id, text)
      if (matches(letter, filter, now)) yield letter
    }
    before = `(${page.at(-1)}` // every letter has a score of its own
  }
}
