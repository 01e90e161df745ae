import { brokerUrl } from '@millrace/shared/testing'
import { Redis } from 'ioredis'
import type { Room } from '../runner/room.ts'

/** A room in the Redis of the tests, with the small sizes. It is not empty: every pool has names of its own. */
export function openTestRoom(): Room & Disposable {
  const redis = new Redis(brokerUrl(), { maxRetriesPerRequest: null })
  return {
    url: brokerUrl(),
    redis,
    size: (_full, quick) => quick,
    profiling: undefined,
    [Symbol.dispose]: () => redis.disconnect(),
  }
}
