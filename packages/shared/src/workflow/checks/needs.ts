import type { Finding } from '../finding.ts'
import { findCycles } from '../graph/cycles.ts'
import { didYouMean, nearestOf } from '../nearest.ts'
import type { JobFacts } from './facts.ts'

/** Needs that do not exist, occur twice, or wait for each other; and triggers that have nothing to look at. */
export function needFindings(jobs: readonly JobFacts[], allNames: ReadonlySet<string>): Finding[] {
  const nearest = nearestOf(allNames)
  const findings = jobs.flatMap((job) => [...ownNeeds(job, allNames, nearest), ...triggerFindings(job)])
  return [...findings, ...cycleFindings(jobs)]
}

function ownNeeds(
  job: JobFacts,
  allNames: ReadonlySet<string>,
  nearest: (name: string) => string | undefined,
): Finding[] {
  const seen = new Set<string>()
  return job.needs.flatMap(({ name, path }): Finding[] => {
    if (seen.has(name)) {
      const message = `Job "${job.name}" lists its need "${name}" twice: remove one.`
      return [{ code: 'MILLRACE_NEED_DUPLICATE', message, path }]
    }
    seen.add(name)
    if (name === job.name) {
      const message = `Job "${job.name}" needs itself, so it could never run: remove this need.`
      return [{ code: 'MILLRACE_WORKFLOW_CYCLE', message, path }]
    }
    if (allNames.has(name)) return []
    const message = `Job "${job.name}" needs ${JSON.stringify(name.slice(0, 100))}, but there is no such job.${didYouMean(nearest(name))}`
    return [{ code: 'MILLRACE_NEED_UNKNOWN', message, path }]
  })
}

function triggerFindings(job: JobFacts): Finding[] {
  const { when } = job.fields
  const hasNeeds =
    Object.hasOwn(job.fields, 'needs') && !(Array.isArray(job.fields.needs) && job.fields.needs.length === 0)
  if (hasNeeds || (when !== 'failed' && when !== 'always')) return []
  const message = `Job "${job.name}" says when: ${when} but needs no job, so there is no end to look at: add needs, or remove when.`
  return [{ code: 'MILLRACE_TRIGGER_WITHOUT_NEEDS', message, path: [...job.path, 'when'] }]
}

/** Names shown of one cycle; a longer one is cut in the middle. */
const MAX_SHOWN = 40

function cycleFindings(jobs: readonly JobFacts[]): Finding[] {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const nodes = jobs.map((job) => ({
    name: job.name,
    needs: job.needs.map((need) => need.name).filter((name) => name !== job.name),
  }))
  return findCycles(nodes).map((cycle) => {
    const [first, second] = cycle as [string, string]
    const names =
      cycle.length <= MAX_SHOWN
        ? cycle
        : [...cycle.slice(0, MAX_SHOWN - 5), `… ${cycle.length - MAX_SHOWN} more …`, ...cycle.slice(-5)]
    const message = `Jobs wait for each other: ${names.join(' → ')} (each needs the next). Remove one of these needs.`
    const job = byName.get(first)!
    return { code: 'MILLRACE_WORKFLOW_CYCLE', message, path: job.needs.find((need) => need.name === second)!.path }
  })
}
