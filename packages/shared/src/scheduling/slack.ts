import type { PlannedJob } from '../workflow/plan.ts'
import { certainDurations, type Estimates } from './durations.ts'
import { upwardRanks } from './ranks.ts'

/**
 * Job → how long before the deadline it must have begun for the workflow to end in time, ms; what nobody has estimated
 * counts as nothing. The largest is the shortest time in which the workflow can end, on any number of slots.
 */
export const timesToEnd = (jobs: readonly PlannedJob[], estimates: Estimates): ReadonlyMap<string, number> =>
  upwardRanks(jobs, certainDurations(estimates))

/** The shortest time in which the workflow can end when that exceeds its deadline, ms; else `undefined`. */
export function unreachable(
  { jobs, deadlineMs }: { readonly jobs: readonly PlannedJob[]; readonly deadlineMs: number | undefined },
  estimates: Estimates,
): number | undefined {
  if (deadlineMs === undefined) return undefined
  const shortest = [...timesToEnd(jobs, estimates).values()].reduce((most, ms) => Math.max(most, ms), 0)
  return shortest > deadlineMs ? Math.round(shortest) : undefined
}
