import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'

/** What stands in one lot. */
export interface LotView {
  /** `<kind>/<name>`. */
  readonly lot: string
  /** Jobs in it; may count some that have come back by themselves and not started yet. */
  readonly jobs: number
  /** When a job was last put there, ms since 1970. */
  readonly lastParkedAt: number
}

/** The lots that hold jobs, by name. */
export async function readLots(client: Redis, keys: PoolKeys): Promise<LotView[]> {
  const lots = Object.entries(await client.hgetall(keys.lots))
  const pipeline = client.pipeline()
  for (const [lot] of lots) pipeline.zcard(keys.lot(lot))
  const sizes = (await pipeline.exec()) ?? []
  return lots
    .map(([lot, at], index) => ({ lot, jobs: Number(sizes[index]?.[1] ?? 0), lastParkedAt: Number(at) }))
    .filter(({ jobs }) => jobs > 0)
    .toSorted((a, b) => a.lot.localeCompare(b.lot))
}
