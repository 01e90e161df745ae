import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** A resource, or a task that has a breaker or bulkhead of its own, as a worker describes it. */
export interface KnownResource {
  /** `stripe`, or `task/<name>`. */
  readonly name: string
  /** `5 failures in a row`; empty when it has none. */
  readonly breaker: string
  /** `4 at once`; empty when it has none. */
  readonly bulkhead: string
}

/** One that no worker has spoken of for so long is forgotten. */
const FORGET_AFTER_MS = 24 * 3_600_000

/** Says what this worker knows of its resources. */
export async function publishResources(
  client: Redis,
  keys: PoolKeys,
  resources: readonly KnownResource[],
  now: number = Date.now(),
): Promise<void> {
  if (resources.length === 0) return
  const fields = resources.flatMap((resource) => [resource.name, JSON.stringify({ ...resource, at: now })])
  await client.hset(keys.resources, ...fields)
}

/** The resources that workers have spoken of within a day, by name. Forgets the others. */
export async function knownResources(
  client: Redis,
  keys: PoolKeys,
  now: number = Date.now(),
): Promise<ReadonlyMap<string, KnownResource>> {
  const known = new Map<string, KnownResource>()
  for (const [name, text] of Object.entries(await client.hgetall(keys.resources))) {
    const { at, breaker, bulkhead } = JSON.parse(text) as KnownResource & { readonly at: number }
    if (now - at > FORGET_AFTER_MS) await client.hdel(keys.resources, name)
    else known.set(name, { name, breaker, bulkhead })
  }
  return known
}
