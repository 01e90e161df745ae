import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { DeadLetterFilter } from '../views/views.ts'
import { scanIds } from './briefs/scan.ts'

const textsScript = readScript<(string | null)[]>(new URL('./read-texts.lua', import.meta.url))

/**
 * Letters read by one call, or fewer: an input may be large. One call and not a command for each: what a command leaves behind
 * costs more memory than its letter.
 */
const LETTERS_PER_READ = 50
const BYTES_PER_READ = 256 * 1024

/**
 * The dead letters that match as lines of NDJSON, `{ "id": …, "letter": … }`, the newest first. A letter's text is given
 * as it is stored, so that nothing is lost on the way. Some dozen are held at once, and the ids of a thousand.
 */
export async function* exportDeadLetters(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<string> {
  for await (const ids of scanIds(client, keys, filter, now)) {
    for (let from = 0; from < ids.length; ) {
      const page = ids.slice(from, from + LETTERS_PER_READ)
      const letters = page.map((id) => keys.job(DEAD_LETTERS, id))
      const texts = await textsScript(client, letters, [BYTES_PER_READ])
      for (const [index, text] of texts.entries()) {
        if (text !== null) yield `{"id":${JSON.stringify(page[index])},"letter":${text}}` // else replayed or discarded since
      }
      from += texts.length
    }
  }
}
