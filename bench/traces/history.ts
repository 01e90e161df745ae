import type { Trace } from './trace.ts'

/** What the history of a run tells of its jobs. Empty lists are what must be. */
export interface Findings {
  /** Jobs that began more than once. */
  readonly twice: string[]
  /** `job before need`: began when the end of that need was not recorded. */
  readonly early: string[]
  /** Jobs of which there is no end. */
  readonly missing: string[]
}

/**
 * Checks a history against its trace.
 *
 * @param history `start <job>` and `end <job>`, in the order in which they happened.
 * @param idOf job name → id of the task of the trace.
 */
export function checkHistory(trace: Trace, history: readonly string[], idOf: ReadonlyMap<string, string>): Findings {
  const needs = new Map(trace.jobs.map((job) => [job.id, job.needs]))
  const started = new Set<string>()
  const ended = new Set<string>()
  const twice = new Set<string>()
  const early: string[] = []
  for (const line of history) {
    const [what, name = ''] = line.split(' ')
    const id = idOf.get(name) ?? name
    if (what === 'end') {
      ended.add(id)
      continue
    }
    if (started.has(id)) twice.add(id)
    started.add(id)
    for (const need of needs.get(id) ?? []) if (!ended.has(need)) early.push(`${id} before ${need}`)
  }
  return { twice: [...twice], early, missing: trace.jobs.map(({ id }) => id).filter((id) => !ended.has(id)) }
}
