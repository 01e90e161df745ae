import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import type { DeadLetter, DeadLetterFilter } from '../views/views.ts'
import type { Brief } from './briefs/brief.ts'
import { scanParts } from './briefs/scan.ts'
import { readLetter } from './letter.ts'

/** Letters read at once: an input may be large. */
const LETTERS_PER_READ = 100

export interface DeadLetterPage {
  /** The newest first. */
  readonly letters: readonly DeadLetter[]
  /** Where the next page begins: `after` of the next query; absent when this was the last. */
  readonly next: number | undefined
}

/** One dead letter, or `undefined` when there is none of this id. */
export async function readDeadLetter(client: Redis, keys: PoolKeys, id: string): Promise<DeadLetter | undefined> {
  const text = await client.hget(keys.job(DEAD_LETTERS, id), 'data')
  if (!text) return undefined
  return readLetter(id, Number(await client.zscore(keys.queue(DEAD_LETTERS, 'prioritized'), id)), text)
}

/**
 * A page of the dead letters that match. Pages stay as they are while letters come and go: new ones stand before the
 * first page, and what is replayed or discarded is missing without moving the others.
 *
 * Cost: 1 us per letter looked at, in calls of a thousand; only those on the page are read whole.
 */
export async function queryDeadLetters(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  { after, limit = 50 }: { readonly after?: number | undefined; readonly limit?: number } = {},
  now: number = Date.now(),
): Promise<DeadLetterPage> {
  const letters: DeadLetter[] = []
  let before = after
  for (let done = false; !done; ) {
    done = true
    for await (const briefs of scanParts(client, keys, filter, { before, most: limit, now })) {
      for (let from = 0; from < briefs.length; ) {
        const part = briefs.slice(from, from + limit - letters.length)
        for await (const letter of readLetters(client, keys, part)) letters.push(letter)
        before = part.at(-1)?.place
        if (letters.length >= limit) return { letters, next: before }
        from += part.length
      }
      // some of them were gone by then, and the rest of their piece has not been looked at
      done = briefs.length < limit
      if (!done) break
    }
  }
  return { letters, next: undefined }
}

/** The dead letters that match, newest first: however many there are, few are held at once. */
export async function* scanDeadLetters(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<DeadLetter> {
  for (let after: number | undefined; ; ) {
    const page = await queryDeadLetters(client, keys, filter, { after, limit: LETTERS_PER_READ }, now)
    yield* page.letters
    if (page.next === undefined) return
    after = page.next
  }
}

/** These letters whole, without those that are gone: few are held at once. */
export async function* readLetters(
  client: Redis,
  keys: PoolKeys,
  briefs: readonly Pick<Brief, 'id' | 'place'>[],
): AsyncGenerator<DeadLetter> {
  for (let from = 0; from < briefs.length; from += LETTERS_PER_READ) {
    const part = briefs.slice(from, from + LETTERS_PER_READ)
    const pipeline = client.pipeline()
    for (const { id } of part) pipeline.hget(keys.job(DEAD_LETTERS, id), 'data')
    const replies = (await pipeline.exec()) ?? []
    for (const [index, { id, place }] of part.entries()) {
      const [error, text] = replies[index] ?? []
      if (error) throw error
      if (text) yield readLetter(id, place, text as string) // else replayed or discarded since
    }
  }
}
