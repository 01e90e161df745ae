import type { WorkflowEvent, WorkflowSummary } from '@millrace/shared'
import { countsText, percent, renderBar } from '../output/bar.ts'
import type { Look } from '../output/look.ts'
import { type Part, renderParts } from '../output/parts.ts'
import { oneLine } from '../output/printable.ts'
import { shownState, stateCell } from '../output/state.ts'
import { clockText, durationText } from '../output/time.ts'

/** The end of a job, or whatever else became of it last. */
export type JobEvent = Extract<WorkflowEvent, { readonly kind: 'job' }>

const WIDEST_BAR = 60

/**
 * One picture of a workflow: its state, a bar, the counts and, while it runs, what happened last. No line is wider than
 * the terminal, since a line that wraps cannot be drawn over.
 */
export function renderFrame(summary: WorkflowSummary, last: JobEvent | undefined, look: Look): string[] {
  const width = look.width - 1 // some terminals wrap when the last column is written
  const state = stateCell(shownState(summary), look)
  const elapsed = (summary.finishedAt ?? look.now) - summary.submittedAt
  const head: Part[] = [
    [state.style, state.text],
    ['bold', summary.id],
    ['dim', durationText(elapsed)],
  ]
  const share = `${String(percent(summary.jobs)).padStart(3)} %`
  const bar = renderBar(summary.jobs, Math.max(5, Math.min(WIDEST_BAR, width - share.length - 1)), look)
  const lines = [
    renderParts(head, width, look),
    `${bar} ${share}`,
    renderParts([['dim', countsText(summary.jobs)]], width, look),
  ]
  return last && summary.finishedAt === undefined ? [...lines, renderJobEvent(last, look)] : lines
}

/** `09:05:00  ✓ succeeded  fetch` */
export function renderJobEvent({ at, state, job }: JobEvent, look: Look): string {
  const { style, text } = stateCell(state, look)
  return renderParts([['dim', clockText(at)], [style, text], oneLine(job)], look.width - 1, look)
}
