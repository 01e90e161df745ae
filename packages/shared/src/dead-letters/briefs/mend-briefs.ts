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
 * Drops what is left of dead letters that something else than Millrace has removed: Bull Board, or BullMQ's own clean.
 *
 * @returns how many were dropped.
 */
export const tidyBriefs = (client: Redis, keys: PoolKeys): Promise<number> => walk(tidyScript, client, keys)

/**
 * Writes the briefs of letters that have none, so that nothing that an earlier version has buried is hidden from who looks.
 *
 * @returns how many were written.
 */
export const restoreBriefs = (client: Redis, keys: PoolKeys): Promise<number> => walk(restoreScript, client, keys)

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
