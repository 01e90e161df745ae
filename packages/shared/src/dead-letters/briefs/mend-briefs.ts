import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../../redis/keys.ts'
import { readScript, type Script } from '../../redis/script.ts'

type Reply = [mended: number, next: string]

const tidyScript = readScript<Reply>(new URL('./tidy-briefs.lua', import.meta.url))
const restoreScript = readScript<Reply>(new URL('./restore-briefs.lua', import.meta.url))

/** Looked at by one call. */
const MOST_PER_CALL = 1_000
/** Of letters read in one call; one may be as large as an input. Some 5 ms of Redis. */
const BYTES_PER_CALL = 200_000

/**
 * Drops the briefs of letters that something else than Millrace has removed (Bull Board, BullMQ's own clean), and writes those
 * of letters that have none, so that nothing that an earlier version has buried is hidden from who looks.
 *
 * Cost: next to nothing while there are as many briefs as letters, else 2 us per letter in calls of 1,000. Where exactly as many
 * are too many as are missing, only a look at the whole tells.
 */
export async function mendBriefs(
  client: Redis,
  keys: PoolKeys,
  { whole = false }: { whole?: boolean } = {},
): Promise<{ dropped: number; written: number }> {
  const letters = await client.zcard(keys.queue(DEAD_LETTERS, 'prioritized'))
  if (!whole && letters === (await client.zcard(keys.briefs))) return { dropped: 0, written: 0 }
  return {
    dropped: await walk(tidyScript, client, keys),
    written: await walk(restoreScript, client, keys),
  }
}

/** From the newest to the oldest. */
async function walk(script: Script<Reply>, client: Redis, keys: PoolKeys): Promise<number> {
  const target = [keys.queue(DEAD_LETTERS, 'prioritized'), keys.briefs]
  let mended = 0
  for (let before = '+inf'; ; ) {
    const [found, next] = await script(client, target, [keys.prefix, before, MOST_PER_CALL, BYTES_PER_CALL])
    mended += found
    if (next === '') return mended
    before = `(${next}`
  }
}
