import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { DeadLetterFilter } from '../views/views.ts'
import { type Brief, readBrief } from './brief.ts'

const scanScript = readScript<string[]>(new URL('./scan.lua', import.meta.url))

/** Letters looked at by one call, which keeps Redis busy for about 2 ms. */
const LETTERS_PER_CALL = 1_000

export interface ScanPart {
  /** Those that match, the newest first. */
  readonly briefs: readonly Brief[]
  /** Go on before this place; absent at the end. */
  readonly next: number | undefined
}

/**
 * Looks at dead letters from the newest, as one call does: at a thousand, or until `most` match.
 *
 * @param before only places before this one; absent: from the newest.
 * @param now what ages count from, ms.
 */
export async function scanPart(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter,
  { before, most = LETTERS_PER_CALL, now }: { before?: number | undefined; most?: number; now: number },
): Promise<ScanPart> {
  const { task, code, fingerprint, workflow, tenant, queue, text, olderThanMs, newerThanMs } = filter
  const names = [task, code, fingerprint, workflow, tenant, queue].map((name) => name ?? '')
  const from = newerThanMs === undefined ? 0 : now - newerThanMs
  const till = olderThanMs === undefined ? Number.MAX_SAFE_INTEGER : now - olderThanMs
  const [next = '', ...flat] = await scanScript(
    client,
    [keys.queue(DEAD_LETTERS, 'prioritized')],
    [
      ...[keys.queue(DEAD_LETTERS, ''), before === undefined ? '+inf' : `(${before}`, LETTERS_PER_CALL, most],
      ...[...names, from, till, lowerCase(text ?? '')],
    ],
  )
  const briefs: Brief[] = []
  for (let i = 0; i + 2 < flat.length; i += 3) {
    briefs.push(readBrief(flat[i] as string, flat[i + 1] as string, flat[i + 2] as string))
  }
  return { briefs, next: next === '' ? undefined : Number(next) }
}

/** The briefs of all letters that match, the newest first; a thousand are held at once. */
export async function* scanBriefs(
  client: Redis,
  keys: PoolKeys,
  filter: DeadLetterFilter = {},
  now: number = Date.now(),
): AsyncGenerator<Brief> {
  for (let before: number | undefined; ; ) {
    const { briefs, next } = await scanPart(client, keys, filter, { before, now })
    yield* briefs
    if (next === undefined) return
    before = next
  }
}

/** As Lua does it: of ASCII only. */
const lowerCase = (text: string) => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase())
