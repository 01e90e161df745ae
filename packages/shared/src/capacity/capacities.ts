import type { Redis } from 'ioredis'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'

/** Jobs that may wait in a queue of which nobody said more: about 150 MB of Redis. */
export const DEFAULT_CAPACITY = 100_000

const MOST = 100_000_000

/**
 * Says how many jobs may wait in a queue. What is there stays, even if it is more.
 *
 * @throws MillraceError MILLRACE_USAGE when it is no whole number from 1.
 */
export async function setCapacity(client: Redis, keys: PoolKeys, queue: string, jobs: number): Promise<void> {
  if (!Number.isInteger(jobs) || jobs < 1 || jobs > MOST) {
    throw new MillraceError('MILLRACE_USAGE', `The capacity is ${jobs}; give a whole number from 1 to ${MOST}.`)
  }
  await client.hset(keys.capacities, queue, jobs)
}

export const readCapacity = async (client: Redis, keys: PoolKeys, queue: string): Promise<number> =>
  Number((await client.hget(keys.capacities, queue)) ?? DEFAULT_CAPACITY)
