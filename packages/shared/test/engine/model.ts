import type { PlannedJob } from '../../src/workflow/plan.ts'
import type { FailurePolicy } from '../../src/workflow/states.ts'

/** How a job ends; `waiting` when it is held by a dead need. */
export type End = 'succeeded' | 'dead' | 'skipped' | 'waiting'

type Outcome = 'succeeded' | 'failed' | 'unneeded' | 'open'

/**
 * The semantics of a workflow in a few lines, for the engine to be compared with: a job is decided once, when all of its
 * needs have ended; `when` says which ends let it run; a job that does not run hands on why.
 *
 * @param jobs in topological order
 * @param fails jobs whose handler throws
 * @param ran jobs that have succeeded by now: what their trigger let run once is not undone
 * @param died jobs that ran and are dead until their own replay, whatever became of their needs
 */
export function model(
  jobs: readonly PlannedJob[],
  fails: ReadonlySet<string>,
  onFailure: FailurePolicy,
  ran: ReadonlySet<string> = new Set(),
  died: ReadonlySet<string> = new Set(),
): Record<string, End> {
  const outcomes = new Map<string, Outcome>()
  const ends: Record<string, End> = {}
  for (const { name, needs, when } of jobs) {
    const seen = needs.map((need) =>
      onFailure === 'hold' && when === 'succeeded' && ends[need] === 'dead' ? 'open' : outcomes.get(need),
    )
    const [end, outcome] = ran.has(name)
      ? (['succeeded', 'succeeded'] as const)
      : died.has(name)
        ? (['dead', 'failed'] as const)
        : decide(seen, when, fails.has(name))
    ends[name] = end
    outcomes.set(name, outcome)
  }
  return ends
}

function decide(seen: readonly (Outcome | undefined)[], when: PlannedJob['when'], fails: boolean): [End, Outcome] {
  const failed = seen.includes('failed')
  if (seen.includes('open')) return ['waiting', 'open']
  if (when === 'succeeded' && failed) return ['skipped', 'failed']
  if (when === 'succeeded' && seen.includes('unneeded')) return ['skipped', 'unneeded']
  if (when === 'failed' && !failed) return ['skipped', 'unneeded']
  return fails ? ['dead', 'failed'] : ['succeeded', 'succeeded']
}

export function modelState(ends: Readonly<Record<string, End>>): 'running' | 'failed' | 'succeeded' {
  const all = Object.values(ends)
  if (all.includes('waiting')) return 'running'
  return all.includes('dead') ? 'failed' : 'succeeded'
}
