import type { Redis } from 'ioredis'

/** A Redis client that stops answering after so many scripts: a producer that is killed while it submits. */
export function dyingAfter(client: Redis, calls: number): Redis {
  return new Proxy(client, {
    get(target, property) {
      const value = Reflect.get(target, property) as unknown
      if (property !== 'evalsha') return typeof value === 'function' ? value.bind(target) : value
      return (...args: unknown[]) => {
        if (calls-- <= 0) throw new Error('killed')
        return (value as (...args: unknown[]) => unknown).apply(target, args)
      }
    },
  })
}
