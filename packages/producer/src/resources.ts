import { closeBreaker, openBreaker, type PoolKeys, readResources } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

/** The resource half of a producer: looks at breakers and moves them by hand. */
export function resources(client: Redis, keys: PoolKeys): Producer['resources'] {
  return {
    list: () => readResources(client, keys),
    async open(name, { forMs = Number.POSITIVE_INFINITY, why = 'opened by hand' } = {}) {
      await openBreaker(client, keys, { name, openings: 1, halfOpenInMs: forMs, by: 'operator', why }, 'hand')
    },
    // workers hear of it and call the jobs back, as many as they have slots for
    close: (name) => closeBreaker(client, keys, name, 'hand'),
  }
}
