import { dependentsOf, topologicalOrder } from '@millrace/shared'
import type { Trace } from './trace.ts'

/** Values of head and of tail that are tried: enough to be tight, few enough for traces of thousands of jobs. */
const THRESHOLDS = 60

interface Placed {
  readonly seconds: number
  /** The longest path that must end before this job begins. */
  readonly head: number
  /** The longest path that begins when this job has ended. */
  readonly tail: number
}

/**
 * A tighter bound, in seconds of the trace: no schedule on that many slots beats it, since a job keeps its slot until it
 * has ended. With few long jobs it lies far above the simple bound: 21 jobs of 16 s take 32 s on 16 slots, not 21.
 *
 * Jobs that all have at least `head` before them and `tail` behind them run in a window of makespan − head − tail. Their
 * work must fit into its slots; and of the k × slots + 1 longest of them, some slot has k + 1.
 *
 * O(jobs): the number of windows is fixed.
 */
export function floorOf(trace: Trace, slots: number): number {
  const jobs = place(trace).toSorted((a, b) => b.seconds - a.seconds)
  let floor = 0
  for (const head of thresholds(jobs.map((job) => job.head))) {
    for (const tail of thresholds(jobs.map((job) => job.tail))) {
      const inside = jobs.filter((job) => job.head >= head && job.tail >= tail).map(({ seconds }) => seconds)
      if (inside.length > 0) floor = Math.max(floor, head + windowOf(inside, slots) + tail)
    }
  }
  // a window of its own for each job: the longest path
  return jobs.reduce((most, { head, seconds, tail }) => Math.max(most, head + seconds + tail), floor)
}

/** The least time in which jobs, the longest first, can be run when nothing else is. */
function windowOf(longestFirst: readonly number[], slots: number): number {
  let window = longestFirst.reduce((sum, seconds) => sum + seconds, 0) / slots
  for (let share = 1; share * slots < longestFirst.length; share++) {
    const last = share * slots
    const together = longestFirst.slice(last - share, last + 1).reduce((sum, seconds) => sum + seconds, 0)
    window = Math.max(window, together)
  }
  return window
}

function place({ jobs }: Trace): Placed[] {
  const nodes = topologicalOrder(jobs.map(({ id, needs, seconds }) => ({ name: id, needs, seconds })))
  const seconds = new Map(nodes.map((node) => [node.name, node.seconds]))
  const dependents = dependentsOf(nodes)
  const longest = (names: readonly string[], paths: ReadonlyMap<string, number>) =>
    names.reduce((most, name) => Math.max(most, (paths.get(name) ?? 0) + (seconds.get(name) ?? 0)), 0)
  const heads = new Map<string, number>()
  for (const { name, needs } of nodes) heads.set(name, longest(needs, heads))
  const tails = new Map<string, number>()
  for (const { name } of nodes.toReversed()) tails.set(name, longest(dependents.get(name) ?? [], tails))
  return nodes.map((node) => ({
    seconds: node.seconds,
    head: heads.get(node.name) ?? 0,
    tail: tails.get(node.name) ?? 0,
  }))
}

/** Some of the values, spread evenly over all of them; the smallest and the largest among them. */
function thresholds(values: readonly number[]): number[] {
  const sorted = [...new Set(values)].sort((a, b) => a - b)
  if (sorted.length <= THRESHOLDS) return sorted
  const step = (sorted.length - 1) / (THRESHOLDS - 1)
  return Array.from({ length: THRESHOLDS }, (_, index) => sorted[Math.round(index * step)] as number)
}
