import type { DeadLetter, WorkflowSummary } from '@millrace/shared'
import type { Look } from './look.ts'
import { type Part, renderParts } from './parts.ts'
import { oneLine } from './printable.ts'

/** How many dead letters a conclusion names before it points to the list. */
export const LETTERS_IN_CONCLUSION = 3

/**
 * What to do about a workflow that was waited for and did not succeed; empty when it did.
 *
 * @param letters its newest dead letters, at most one more than {@link LETTERS_IN_CONCLUSION}.
 */
export function renderConclusion(summary: WorkflowSummary, letters: readonly DeadLetter[], look: Look): string {
  if (summary.state === 'succeeded') return ''
  if (summary.state === 'cancelled') return 'The workflow was cancelled.'
  const { dead } = summary.jobs
  const head = summary.held
    ? 'The workflow is held: nothing can run before a dead letter is replayed.'
    : `The workflow failed: ${dead} ${dead === 1 ? 'job is' : 'jobs are'} dead.`
  const named = letters.slice(0, LETTERS_IN_CONCLUSION).map(({ job, code, message }) => {
    const parts: Part[] = [['red', code], ['bold', oneLine(job)], oneLine(message)]
    return `  ${renderParts(parts, look.width - 3, look)}`
  })
  const [only] = letters
  const replay = only && letters.length === 1 ? only.id : `--workflow ${summary.id}`
  const see = only && letters.length === 1 ? `show ${only.id}` : `list --workflow ${summary.id}`
  return [
    head,
    ...named,
    'Look, mend the cause, replay:',
    `  millrace dlq ${see}`,
    `  millrace dlq replay ${replay}`,
  ].join('\n')
}
