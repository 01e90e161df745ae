import type { Finding, Path } from '../finding.ts'
import type { Json } from '../json.ts'
import { didYouMean, nearestOf } from '../nearest.ts'
import type { PlannedJob } from '../plan.ts'
import { resolveReferences } from '../references/resolve.ts'
import type { JobFacts } from './facts.ts'

/** What planning has to know of a task. */
export interface KnownTask {
  readonly queue: string
  /** Problems of an input, one sentence each; none when it fits. */
  readonly check?: (input: Json) => Promise<readonly string[]> | readonly string[]
}

/** Task name → task. Empty means that the pool's tasks are not known. */
export type KnownTasks = ReadonlyMap<string, KnownTask>

/** Jobs whose task no one can run. Nothing when the tasks of the pool are not known. */
export function unknownTaskFindings(jobs: readonly JobFacts[], tasks: KnownTasks): Finding[] {
  if (tasks.size === 0) return []
  const nearest = nearestOf(tasks.keys())
  return jobs.flatMap(({ name, fields, path }): Finding[] => {
    const { task } = fields
    if (typeof task !== 'string' || tasks.has(task)) return []
    const hint = didYouMean(nearest(task)) || ' Start a worker that has it, or mend the name.'
    const message = `Job "${name}" runs the task ${JSON.stringify(task.slice(0, 100))}, which no worker of the pool has.${hint}`
    return [{ code: 'MILLRACE_TASK_NOT_IN_POOL', message, path: [...path, 'task'] }]
  })
}

/**
 * Inputs that do not fit the schema of their task, as far as they are known before the workflow runs: those that hold no
 * reference to `needs`, `item` or `index`. A job without `with` is checked with `null`.
 */
export async function refusedInputs(jobs: readonly PlannedJob[], tasks: KnownTasks): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const job of jobs) {
    const check = tasks.get(job.task)?.check
    if (!check) continue
    for (const { input, path } of knownInputs(job)) {
      const answer = problemsOf(check, input)
      // most schemas answer at once: waiting for each of 10,000 jobs would cost more than the checks
      const problems = Array.isArray(answer) ? answer : await answer
      for (const problem of problems) {
        const message = `The input of job "${job.name}" does not fit the task "${job.task}": ${problem.replace(/\.?$/, '.')}`
        findings.push({ code: 'MILLRACE_INPUT_REFUSED', message, path })
      }
    }
  }
  return findings
}

function knownInputs(job: PlannedJob): { input: Json; path: Path }[] {
  const path = ['jobs', job.name]
  if (job.with !== undefined || job.foreach === undefined)
    return known(job.with ?? null, [...path, job.with === undefined ? 'task' : 'with'])
  return typeof job.foreach === 'string'
    ? []
    : job.foreach.flatMap((item, index) => known(item, [...path, 'foreach', index]))
}

/** Nothing is in scope yet, so an input that refers to run time does not resolve. */
function known(template: Json, path: Path): { input: Json; path: Path }[] {
  const resolved = resolveReferences(template, {})
  return resolved.ok ? [{ input: resolved.value, path }] : []
}

/** A schema that throws is a problem of the input too: nothing is submitted that could not be checked. */
function problemsOf(
  check: NonNullable<KnownTask['check']>,
  input: Json,
): Promise<readonly string[]> | readonly string[] {
  const failed = (error: unknown) => [`its schema failed: ${error instanceof Error ? error.message : String(error)}`]
  try {
    const answer = check(input)
    return Array.isArray(answer) ? answer : Promise.resolve(answer).catch(failed)
  } catch (error) {
    return failed(error)
  }
}
