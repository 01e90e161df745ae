import type { Complexity } from '../workflow/states.ts'
import { MAX_BOOST_MS } from './number.ts'

/** How much earlier a job counts as submitted, ms, by what its author says of it; a type that is not listed: not at all. */
export interface Weights {
  readonly complexity: Readonly<Record<Complexity, number>>
  readonly type: Readonly<Record<string, number>>
}

/**
 * Security and schema work before tests: others build on what it decides, while tests look at what is there. Harder work
 * first, since it holds the most surprises; planning first of all, since others wait for its plan.
 */
export const DEFAULT_WEIGHTS: Weights = {
  complexity: { simple: 0, medium: 5_000, complex: 10_000, meta: 15_000 },
  type: { security: 30_000, schema: 25_000, test: 0 },
}

/** The shipped table with the entries of `given` in place of its own. */
export const withWeights = (given: {
  readonly complexity?: Partial<Weights['complexity']>
  readonly type?: Weights['type']
}): Weights => ({
  complexity: { ...DEFAULT_WEIGHTS.complexity, ...given.complexity },
  type: { ...DEFAULT_WEIGHTS.type, ...given.type },
})

/** What a job's complexity and type are worth together, ms: 0 to {@link MAX_BOOST_MS}. */
export function weightMs(job: { complexity?: Complexity; type?: string }, { complexity, type }: Weights): number {
  const ofType = job.type !== undefined && Object.hasOwn(type, job.type) ? (type[job.type] as number) : 0
  return Math.min(MAX_BOOST_MS, Math.max(0, complexity[job.complexity ?? 'simple'] + ofType))
}
