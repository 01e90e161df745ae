import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { HISTORY_MS, QUANTUM_MS, REBASE_AFTER_MS } from '../scheduling/number.ts'

const dueScript = readScript<number>(new URL('./rebase-due.lua', import.meta.url))
const rebaseScript = readScript<[done: number, from: number, moved: number]>(new URL('./rebase.lua', import.meta.url))

/** Jobs moved by one call, which keeps Redis busy for about 2 ms. */
const JOBS_PER_CALL = 200
const PAGE = 200
/** Clocks of producers and workers may differ by so much without a remedy. */
const CLOCKS_DIFFER_MS = 60_000

/**
 * Moves the epoch of all numbers when it is more than thirty hours old, and the jobs of every open workflow with it,
 * before BullMQ's priorities come to their end. Workers and producers go on; a crash in the middle is gone on from.
 *
 * While it is under way, jobs that were moved stand before others: for about a second per 100,000 waiting jobs.
 *
 * @returns how many jobs were moved.
 */
export async function rebase(client: Redis, keys: PoolKeys, now: number = Date.now()): Promise<number> {
  const args = [now - REBASE_AFTER_MS, now - HISTORY_MS, QUANTUM_MS, now + CLOCKS_DIFFER_MS]
  if ((await dueScript(client, [keys.scheduling], args)) === 0) return 0
  let moved = 0
  // what goes from loading to running meanwhile is met in one of the two
  for (const state of ['loading', 'running']) {
    let cursor = '0'
    do {
      const [next, flat] = await client.zscan(keys.index(state), cursor, 'COUNT', PAGE)
      cursor = next
      moved += await rebaseWorkflows(
        client,
        keys,
        flat.filter((_, index) => index % 2 === 0),
      )
    } while (cursor !== '0')
  }
  await client.hdel(keys.scheduling, 'rebasing')
  return moved
}

/** Moves the jobs of these workflows to the epoch that holds now; those that are there already stay as they are. */
export async function rebaseWorkflows(client: Redis, keys: PoolKeys, ids: readonly string[]): Promise<number> {
  let moved = 0
  let from = 0
  for (let first = 0; first < ids.length; ) {
    const args = [keys.prefix, QUANTUM_MS, JOBS_PER_CALL, from, ...ids.slice(first, first + PAGE)]
    const [done, next, count] = await rebaseScript(client, [keys.scheduling], args)
    first += done
    from = next
    moved += count
  }
  return moved
}
