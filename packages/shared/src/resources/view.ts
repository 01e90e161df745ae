import type { Redis } from 'ioredis'
import { readLots } from '../parking/lots.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readBreakers } from './breakers.ts'
import { type KnownResource, knownResources } from './known.ts'

/** A resource as an operator sees it. */
export interface ResourceView extends KnownResource {
  /** `half-open`: the next attempt is a probe, or one is under way. */
  readonly state: 'closed' | 'open' | 'half-open'
  /** Absent while it is closed. */
  readonly opening?: {
    /** How often it was opened since it was last closed. */
    readonly openings: number
    /** ms since 1970. */
    readonly openedAt: number
    /** `null`: it stays open until somebody closes it. */
    readonly halfOpenInMs: number | null
    /** A worker, or `operator`. */
    readonly by: string
    readonly why: string
  }
  /** Jobs that wait until the breaker closes. */
  readonly waitingForBreaker: number
  /** Jobs that wait for a slot. */
  readonly waitingForSlot: number
}

/** The resources that workers know or that are open, by name. */
export async function readResources(client: Redis, keys: PoolKeys): Promise<ResourceView[]> {
  const [known, open, lots] = await Promise.all([
    knownResources(client, keys),
    readBreakers(client, keys),
    readLots(client, keys),
  ])
  const jobs = new Map(lots.map(({ lot, jobs }) => [lot, jobs]))
  const names = [...new Set([...known.keys(), ...open.keys()])].toSorted()
  return names.map((name): ResourceView => {
    const { breaker = '', bulkhead = '' } = known.get(name) ?? {}
    const state = open.get(name)
    const waitingForBreaker = jobs.get(`breaker/${name}`) ?? 0
    const waitingForSlot = jobs.get(`bulkhead/${name}`) ?? 0
    const view = { name, breaker, bulkhead, state: 'closed', waitingForBreaker, waitingForSlot } as const
    if (!state) return view
    const { openings, openedAt, halfOpenInMs, by, why } = state
    return {
      ...view,
      state: halfOpenInMs === 0 ? 'half-open' : 'open',
      opening: { openings, openedAt, halfOpenInMs: Number.isFinite(halfOpenInMs) ? halfOpenInMs : null, by, why },
    }
  })
}
