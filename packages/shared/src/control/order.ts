import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** Tells all workers to look again at what concerns them all: pauses, quotas, schedules. */
export async function orderAll(client: Redis, keys: PoolKeys): Promise<void> {
  await client.multi().incr(keys.orders).publish(keys.orders, '').exec()
}
