import type { FrontierGroup, Reason } from './reason.ts'

/** Jobs that are kept by the same, as far as can be told without looking at each. */
export interface Alike {
  readonly jobs: number
  readonly names: readonly string[]
  /** Of one of them. */
  readonly reason: Reason
}

const MOST_NAMES = 5

/** Puts together what the same reason keeps, the largest group first; of equal ones, that which waits before that which runs. */
export function frontierGroups(parts: readonly Alike[]): FrontierGroup[] {
  const groups = new Map<string, FrontierGroup>()
  for (const { reason, jobs, names } of parts) {
    const key = `${reason.code} ${reason.about ?? ''}`
    const known = groups.get(key)
    groups.set(key, {
      reason: known ? earlier(known.reason, reason) : reason,
      jobs: (known?.jobs ?? 0) + jobs,
      names: [...(known?.names ?? []), ...names].slice(0, MOST_NAMES),
    })
  }
  const runs = ({ reason }: FrontierGroup) => (reason.code === 'active' ? 1 : 0)
  return [...groups.values()].toSorted((a, b) => b.jobs - a.jobs || runs(a) - runs(b))
}

/** Of two reasons that end at different times, the one that ends first. */
const earlier = (a: Reason, b: Reason): Reason =>
  a.until !== undefined && b.until !== undefined && b.until < a.until ? b : a
