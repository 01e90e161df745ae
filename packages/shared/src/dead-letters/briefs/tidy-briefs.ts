import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../../redis/keys.ts'
import { readScript } from '../../redis/script.ts'

const tidyScript = readScript<[dropped: number, next: string]>(new URL('./tidy-briefs.lua', import.meta.url))

const BRIEFS_PER_CALL = 1_000

/**
 * Drops what is left of dead letters that something else than Millrace has removed: Bull Board, or BullMQ's own clean.
 *
 * @returns how many were dropped.
 */
export async function tidyBriefs(client: Redis, keys: PoolKeys): Promise<number> {
  const target = [keys.queue(DEAD_LETTERS, 'prioritized'), keys.briefs]
  let dropped = 0
  for (let before = '+inf'; ; ) {
    const [found, next] = await tidyScript(client, target, [before, BRIEFS_PER_CALL])
    dropped += found
    if (next === '') return dropped
    before = `(${next}`
  }
}
