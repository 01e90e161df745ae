import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const orderScript = readScript<number>(new URL('./order.lua', import.meta.url))

/** Gives false when the replay is not in a state for that, and `undefined` when there is none of this id. */
export async function orderReplay(
  client: Redis,
  keys: PoolKeys,
  id: string,
  verb: 'pause' | 'resume' | 'stop',
): Promise<boolean | undefined> {
  const code = await orderScript(client, [keys.paced(id), keys.pacedPart(id, 'letters')], [verb])
  return code < 0 ? undefined : code === 1
}
