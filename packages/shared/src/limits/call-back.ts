import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const callBackScript = readScript<[called: number, left: number, waitMs: number]>(
  new URL('./call-back.lua', import.meta.url),
)

/**
 * Sends as many jobs of a limit's lot back to their queues as may begin now, the most urgent first.
 *
 * @returns after how many ms somebody should call again; 0 when none are left.
 */
export async function callBack(
  client: Redis,
  keys: PoolKeys,
  lot: string,
): Promise<{ called: number; afterMs: number }> {
  const [called, , afterMs] = await callBackScript(client, [keys.lots, keys.rules], [keys.prefix, lot])
  return { called, afterMs }
}

/**
 * Calls back from the lots of all limits: the workers that would do it may all be gone. The sweeper does this.
 *
 * @returns how many jobs were called back.
 */
export async function callBackAll(client: Redis, keys: PoolKeys): Promise<number> {
  let sum = 0
  for (const lot of await client.hkeys(keys.rules)) sum += (await callBack(client, keys, lot)).called
  return sum
}
