import { dependentsOf } from '../workflow/graph/dependents.ts'
import type { PlannedJob } from '../workflow/plan.ts'
import { type Estimates, guessedDurations } from './durations.ts'
import { MAX_BOOST_MS, QUANTUM_MS, TURN_MS } from './number.ts'
import { upwardRanks } from './ranks.ts'
import { type Weights, weightMs } from './weights.ts'

/** `critical-path`: by distance to the end of the workflow. `fifo`: in the order in which jobs become runnable. */
export const SCHEDULINGS = ['critical-path', 'fifo'] as const
export type Scheduling = (typeof SCHEDULINGS)[number]

export interface PlacesOptions {
  readonly scheduling: Scheduling
  readonly estimates: Estimates
  readonly weights: Weights
}

export interface Places {
  /** A job's position in its workflow, from 0, to be added to its number. */
  readonly of: (job: string) => number
  /** What the weights of its jobs are worth to the whole workflow, in quanta. */
  readonly boost: number
}

/** Up to so many jobs, each has a position of its own; beyond, four share one, as they take a quantum of the line. */
const OWN_POSITIONS = 256
/** Weights decide between jobs whose ways to the end differ by less than this share of the longest. */
const WEIGHTS_SHARE = 1 / 8
/** The same for how many jobs need them; more than the cap make no difference. */
const DEPENDENTS_SHARE = 1 / 64
const DEPENDENTS_CAP = 32

/**
 * The order of the jobs of one workflow: by upward rank. Weights and dependents only decide between jobs that are
 * about as far from the end; what is still equal goes in the order of the plan.
 *
 * Between workflows, the mean weight of a workflow's jobs counts as time waited.
 *
 * @param jobs in topological order
 *
 * Cost: O(n log n); 10 ms for 10,000 jobs.
 */
export function placesOf(jobs: readonly PlannedJob[], { scheduling, estimates, weights }: PlacesOptions): Places {
  if (scheduling === 'fifo') return { of: () => 0, boost: 0 }
  const weight = new Map(jobs.map((job) => [job.name, weightMs(job, weights)]))
  const mean = jobs.reduce((sum, { name }) => sum + (weight.get(name) ?? 0), 0) / Math.max(1, jobs.length)
  const boost = Math.round(mean / QUANTUM_MS)
  if (jobs.length === 1) return { of: () => 0, boost }

  const ranks = upwardRanks(jobs, guessedDurations(jobs, estimates))
  const longest = [...ranks.values()].reduce((most, rank) => Math.max(most, rank), 0)
  const dependents = dependentsOf(jobs)
  const urgency = new Map(
    jobs.map(({ name }) => {
      const weighed = ((weight.get(name) ?? 0) / MAX_BOOST_MS) * WEIGHTS_SHARE
      const needed = Math.min(1, (dependents.get(name)?.length ?? 0) / DEPENDENTS_CAP) * DEPENDENTS_SHARE
      return [name, (ranks.get(name) ?? 0) + longest * (weighed + needed)]
    }),
  )
  const order = jobs.map(({ name }) => name).sort((a, b) => (urgency.get(b) ?? 0) - (urgency.get(a) ?? 0))
  const positions = Math.min(jobs.length, Math.max(OWN_POSITIONS, Math.ceil((jobs.length * TURN_MS) / QUANTUM_MS)))
  const places = new Map(order.map((name, index) => [name, Math.floor((index * positions) / order.length)]))
  return { of: (job) => places.get(job) ?? 0, boost }
}
