import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { DEPENDENTS_PER_CALL } from './pack.ts'

const continueScript = readScript<number>(new URL('./continue.lua', import.meta.url))

/**
 * Informs the dependents that are still to be informed, in calls that each leave Redis free for others. Whoever caused
 * the residue calls this; after a crash the sweeper does.
 *
 * @returns how many calls it took.
 */
export async function workOffResidue(client: Redis, keys: PoolKeys, now: () => number = Date.now): Promise<number> {
  let calls = 0
  let left = 1
  while (left > 0) {
    left = await continueScript(client, [keys.residue], [keys.prefix, now(), DEPENDENTS_PER_CALL])
    calls++
  }
  return calls
}
