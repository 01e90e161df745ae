import type { Estimates } from '../../scheduling/durations.ts'
import { unreachable } from '../../scheduling/slack.ts'
import type { Finding } from '../finding.ts'
import type { Plan } from '../plan.ts'

/** A deadline that cannot be met on any number of slots, by what is known of the jobs. */
export function deadlineFindings(plan: Pick<Plan, 'jobs' | 'deadlineMs'>, estimates: Estimates): Finding[] {
  const shortest = unreachable(plan, estimates)
  if (shortest === undefined) return []
  const message = `The deadline is ${plan.deadlineMs} ms, but the longest way through the jobs takes ${shortest} ms by their estimates: allow more time, or shorten that way (\`millrace graph\` shows it).`
  return [{ code: 'MILLRACE_DEADLINE_UNREACHABLE', message, path: ['deadline'] }]
}
