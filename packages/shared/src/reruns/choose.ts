import { didYouMean, nearestOf } from '../workflow/nearest.ts'
import type { JobState, Trigger } from '../workflow/states.ts'

/** What the choice knows of a job. What a job spawned is called `<spawner>.<name>`; no other name has a dot. */
export interface EndedJob {
  readonly name: string
  readonly needs: readonly string[]
  readonly when: Trigger
  readonly state: JobState
}

export interface RerunChoice {
  /** The job and everything that depends on it, in the order of the workflow; without what they spawn. */
  readonly again: readonly string[]
  /** Succeeded, and not run again: their outputs are kept. */
  readonly carried: readonly string[]
  /** Neither: they did not succeed, and nothing that runs again needs them. */
  readonly left: readonly { readonly name: string; readonly state: JobState }[]
}

/**
 * Which jobs of a workflow that has ended a rerun from one of them runs, and which it keeps.
 *
 * @param jobs in topological order
 * @returns all that stands in the way otherwise. O(jobs + needs).
 */
export function chooseRerun(
  jobs: readonly EndedJob[],
  from: string,
): { readonly ok: true; readonly choice: RerunChoice } | { readonly ok: false; readonly problems: readonly string[] } {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const first = byName.get(from)
  if (!first) {
    const nearest = nearestOf(byName.keys())(from)
    return { ok: false, problems: [`there is no job ${JSON.stringify(from)}.${didYouMean(nearest)}`] }
  }
  const root = rootOf(from)
  if (root !== from) {
    return { ok: false, problems: [`"${from}" was spawned by "${root}", which spawns it again: rerun from "${root}"`] }
  }

  const again = new Set<string>()
  for (const { name, needs } of jobs) {
    if (rootOf(name) === name && (name === from || needs.some((need) => again.has(need)))) again.add(name)
  }
  const succeeded = (name: string) => byName.get(name)?.state === 'succeeded'
  const problems = [...again].flatMap((name) =>
    (byName.get(name)?.needs ?? [])
      .filter((need) => !again.has(need) && !succeeded(need))
      .map(
        (need) => `"${name}" needs "${need}", which is ${byName.get(need)?.state ?? 'gone'}: it has no output to keep`,
      ),
  )
  if (problems.length === 0 && first.when === 'failed') {
    problems.push(`"${from}" runs only when one of its needs has failed, and all of them have succeeded`)
  }
  if (problems.length > 0) return { ok: false, problems }

  const others = jobs.filter(({ name }) => !again.has(rootOf(name)))
  const carries = ({ name }: EndedJob) => succeeded(name) && succeeded(rootOf(name))
  return {
    ok: true,
    choice: {
      again: [...again],
      carried: others.filter(carries).map(({ name }) => name),
      left: others.filter((job) => !carries(job)).map(({ name, state }) => ({ name, state })),
    },
  }
}

/** The job of the definition from which a spawned one comes; itself for any other. */
const rootOf = (name: string) => name.split('.', 1)[0] as string
