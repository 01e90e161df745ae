import type { WorkflowSummary } from '../views/views.ts'
import { pauseReason } from './barriers.ts'
import type { Paused } from './facts.ts'
import type { FrontierGroup, Reason } from './reason.ts'
import { counted, listText, spanText } from './words.ts'

/** A job of a workflow that failed for good. */
export interface DeadJob {
  readonly job: string
  /** Of its error. */
  readonly code: string
}

/** What is true of a workflow as a whole: how it ended, or what holds all of it. */
export function workflowReasons(
  workflow: WorkflowSummary,
  paused: Paused | undefined,
  { groups, dead = [] }: { readonly groups: readonly FrontierGroup[]; readonly dead?: readonly DeadJob[] },
  now: number,
): Reason[] {
  const { id, state, jobs, finishedAt, submittedAt } = workflow
  const ago = finishedAt === undefined ? '' : ` ${spanText(now - finishedAt)} ago`
  if (state === 'succeeded') {
    const took = finishedAt === undefined ? '' : `, after ${spanText(finishedAt - submittedAt)}`
    return [{ code: 'succeeded', text: `It succeeded${ago}${took}.` }]
  }
  if (state === 'cancelled') {
    return [{ code: 'cancelled', text: `It was cancelled${ago}.`, help: `millrace retry ${id} opens it again.` }]
  }
  if (state === 'failed') {
    const lost = jobs.skipped > 0 ? `, and ${counted(jobs.skipped, 'job was', 'jobs were')} skipped for it` : ''
    const text = `It failed${ago}: ${deadText(jobs.dead, dead)}${lost}.`
    const help = `Look: millrace dlq list --workflow ${id}; mend the cause; then: millrace retry ${id}`
    return [{ code: 'dead', text, help, data: { dead: jobs.dead, skipped: jobs.skipped, jobs: listOf(dead) } }]
  }
  return [
    ...(state === 'loading' ? [loadingReason()] : []),
    ...(paused ? [pauseReason('workflow', id, paused, now)] : []),
    ...deadReasons(workflow, dead),
    ...runsReason(groups),
  ]
}

const loadingReason = (): Reason => ({
  code: 'workflow-loading',
  text: 'It is still being written; nothing of it begins before that. What a producer left half written is removed.',
})

function deadReasons(
  { id, held, onFailure, jobs: { dead, waiting, skipped } }: WorkflowSummary,
  named: readonly DeadJob[],
): Reason[] {
  if (dead === 0) return []
  const holds = onFailure === 'hold'
  const effect = held
    ? `nothing can run before a replay: ${counted(waiting, 'job waits', 'jobs wait')} for one`
    : holds
      ? 'what needs them waits for a replay'
      : `${counted(skipped, 'job was', 'jobs were')} skipped for it; it will fail`
  const help = `Look: millrace dlq list --workflow ${id}; mend the cause; then: millrace ${holds ? `dlq replay --workflow ${id}` : `retry ${id}`}`
  return [
    {
      code: 'need-dead',
      text: `${deadText(dead, named)}, and ${effect}.`,
      help,
      data: { dead, waiting, skipped, jobs: listOf(named) },
    },
  ]
}

/** `2 jobs are dead: charge (CARD_DECLINED), mail (MILLRACE_TASK_TIMEOUT)`. */
function deadText(dead: number, named: readonly DeadJob[]): string {
  const names = named.map(({ job, code }) => `${job} (${code})`)
  return `${counted(dead, 'job is', 'jobs are')} dead${names.length > 0 ? `: ${listText(names, dead)}` : ''}`
}

const listOf = (named: readonly DeadJob[]) => named.map(({ job, code }) => ({ job, code }))

function runsReason(frontier: readonly FrontierGroup[]): Reason[] {
  const active = frontier.find(({ reason }) => reason.code === 'active')
  if (!active) return []
  return [
    {
      code: 'active',
      text: `${counted(active.jobs, 'job')} of it ${active.jobs === 1 ? 'runs' : 'run'} now.`,
      data: { jobs: active.jobs },
    },
  ]
}
