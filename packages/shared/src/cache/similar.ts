import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Json } from '../workflow/json.ts'
import { type Direction, packDirection, similarityOf, unpackDirection } from './vector.ts'

const similarScript = readScript<number>(new URL('./similar.lua', import.meta.url))

/** What an earlier job of the task was given and gave. */
export interface Similar {
  readonly input: Json
  readonly output: Json
  /** Cosine of the angle between the two inputs' embeddings: 1 for the same direction. */
  readonly similarity: number
}

/**
 * The entry whose input is most like this one, if it is at least as like as `least`.
 *
 * @param scope entries of one task and version; those with other dimensions are no match.
 *
 * Cost: every vector of the scope is read and compared, 5.3 bytes a dimension: 0.8 MB for 100 entries of 1,536.
 */
export async function findSimilar(
  client: Redis,
  keys: PoolKeys,
  scope: string,
  direction: Direction,
  least: number,
  now: number = Date.now(),
): Promise<Similar | undefined> {
  const [vectors, alive] = await Promise.all([
    client.hgetall(keys.similar(scope, 'vectors')),
    client.zrangebyscore(keys.similar(scope, 'index'), `(${now}`, '+inf'),
  ])
  let best: { id: string; similarity: number } | undefined
  for (const id of alive) {
    const text = vectors[id]
    const similarity = text === undefined ? undefined : similarityOf(direction, unpackDirection(text))
    if (similarity !== undefined && similarity > (best?.similarity ?? Number.NEGATIVE_INFINITY)) {
      best = { id, similarity }
    }
  }
  if (!best || best.similarity < least) return undefined
  const entry = await client.hget(keys.similar(scope, 'entries'), best.id)
  if (!entry) return undefined
  return { ...(JSON.parse(entry) as Pick<Similar, 'input' | 'output'>), similarity: best.similarity }
}

/** Keeps an entry; of more than `most`, those go that would expire first. */
export async function keepSimilar(
  client: Redis,
  keys: PoolKeys,
  scope: string,
  entry: { readonly id: string; readonly direction: Direction; readonly input: Json; readonly output: Json },
  { ttlMs, most }: { readonly ttlMs: number; readonly most: number },
  now: number = Date.now(),
): Promise<void> {
  const { id, direction, input, output } = entry
  await similarScript(
    client,
    [keys.similar(scope, 'vectors'), keys.similar(scope, 'entries'), keys.similar(scope, 'index')],
    [id, packDirection(direction), JSON.stringify({ input, output }), now, ttlMs, most],
  )
}
