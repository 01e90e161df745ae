import { topologicalOrder } from '@millrace/shared'
import { floorOf } from './floor.ts'
import type { Trace } from './trace.ts'

/** What no schedule can beat, in seconds. */
export interface Bound {
  /** The longest path through the runtimes. */
  readonly longestPath: number
  /** All runtimes together. */
  readonly work: number
  /** The larger of the longest path and the work divided by the slots. */
  readonly lowerBound: number
  /** A tighter one, see {@link floorOf}; never below `lowerBound`. */
  readonly floor: number
}

/** The bounds of a trace on that many slots, in seconds of the trace. */
export function boundOf(trace: Trace, slots: number): Bound {
  const { jobs } = trace
  const nodes = jobs.map(({ id, needs, seconds }) => ({ name: id, needs, seconds }))
  const ends = new Map<string, number>()
  for (const { name, needs, seconds } of topologicalOrder(nodes)) {
    ends.set(name, seconds + needs.reduce((latest, need) => Math.max(latest, ends.get(need) ?? 0), 0))
  }
  const longestPath = [...ends.values()].reduce((longest, end) => Math.max(longest, end), 0)
  const work = jobs.reduce((sum, { seconds }) => sum + seconds, 0)
  const lowerBound = Math.max(longestPath, work / slots)
  return { longestPath, work, lowerBound, floor: Math.max(lowerBound, floorOf(trace, slots)) }
}

/** Factor by which a trace is slowed or sped up so that its bound is `seconds`; 1 for one that takes no time at all. */
export const scaleTo = (seconds: number, { lowerBound }: Pick<Bound, 'lowerBound'>): number =>
  lowerBound > 0 ? seconds / lowerBound : 1
