import type { WorkflowSummary } from '../views/views.ts'
import { pauseReason } from './barriers.ts'
import type { Paused } from './facts.ts'
import type { FrontierGroup, Reason } from './reason.ts'
import { counted, spanText } from './words.ts'

/** What is true of a workflow as a whole: how it ended, or what holds all of it. */
export function workflowReasons(
  workflow: WorkflowSummary,
  paused: Paused | undefined,
  frontier: readonly FrontierGroup[],
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
    const lost = jobs.skipped > 0 ? `, and ${counted(jobs.skipped, 'job')} were skipped for it` : ''
    const text = `It failed${ago}: ${counted(jobs.dead, 'job is', 'jobs are')} dead${lost}.`
    const help = `Look: millrace dlq list --workflow ${id}; mend the cause; then: millrace retry ${id}`
    return [{ code: 'dead', text, help, data: { dead: jobs.dead, skipped: jobs.skipped } }]
  }
  return [
    ...(state === 'loading' ? [loadingReason()] : []),
    ...(paused ? [pauseReason('workflow', id, paused, now)] : []),
    ...deadReasons(workflow),
    ...runsReason(frontier),
  ]
}

const loadingReason = (): Reason => ({
  code: 'workflow-loading',
  text: 'It is still being written; nothing of it begins before that. What a producer left half written is removed.',
})

function deadReasons({ id, held, onFailure, jobs: { dead, waiting, skipped } }: WorkflowSummary): Reason[] {
  if (dead === 0) return []
  const are = counted(dead, 'job is', 'jobs are')
  const holds = onFailure === 'hold'
  const effect = held
    ? `nothing can run before a replay: ${counted(waiting, 'job')} wait for one`
    : holds
      ? 'what needs them waits for a replay'
      : `${counted(skipped, 'job')} were skipped for it; it will fail`
  const help = `Look: millrace dlq list --workflow ${id}; mend the cause; then: millrace ${holds ? `dlq replay --workflow ${id}` : `retry ${id}`}`
  return [{ code: 'need-dead', text: `${are} dead, and ${effect}.`, help, data: { dead, waiting, skipped } }]
}

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
