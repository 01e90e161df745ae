import type { Redis } from 'ioredis'
import { DEAD_LETTERS, type PoolKeys } from '../../redis/keys.ts'
import { readScript } from '../../redis/script.ts'

const restoreScript = readScript<[written: number, next: string]>(new URL('./restore-briefs.lua', import.meta.url))

const LETTERS_PER_CALL = 1_000
/** Read in one call; a letter may be as large as an input. Some 5 ms of Redis. */
const BYTES_PER_CALL = 200_000

/**
 * Writes the briefs of letters that have none, so that nothing that an earlier version has buried is hidden from who looks.
 *
 * @returns how many were written.
 */
export async function restoreBriefs(client: Redis, keys: PoolKeys): Promise<number> {
  const target = [keys.queue(DEAD_LETTERS, 'prioritized'), keys.briefs]
  let written = 0
  for (let before = '+inf'; ; ) {
    const [found, next] = await restoreScript(client, target, [keys.prefix, before, LETTERS_PER_CALL, BYTES_PER_CALL])
    written += found
    if (next === '') return written
    before = `(${next}`
  }
}
