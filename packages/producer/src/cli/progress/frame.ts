import type { WorkflowSummary } from '@millrace/shared'
import { countsText, percent, renderBar } from '../output/bar.ts'
import type { Look } from '../output/look.ts'
import { type Part, renderParts } from '../output/parts.ts'
import { oneLine } from '../output/printable.ts'
import { shownState, stateCell } from '../output/state.ts'
import { durationText } from '../output/time.ts'

/** A job that runs now; `at` is when it became active. */
export interface ActiveJob {
  readonly name: string
  readonly at: number
}

const WIDEST_BAR = 60

/**
 * One picture of a workflow: its state, a bar, and as many of its active jobs as `rows` allow. No line is wider than
 * the terminal, since a line that wraps cannot be drawn over.
 */
export function renderFrame(
  summary: WorkflowSummary,
  active: readonly ActiveJob[],
  rows: number,
  look: Look,
): string[] {
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
  const over = summary.finishedAt !== undefined
  const room = over ? 0 : Math.max(0, rows - 4)
  const listed = active.slice(0, active.length > room ? Math.max(0, room - 1) : room)
  const mark = stateCell('active', look)
  const jobs = listed.map(({ name, at }) =>
    renderParts(['', [mark.style, mark.text], oneLine(name), ['dim', durationText(look.now - at)]], width, look),
  )
  const more =
    room === 0 || listed.length === active.length
      ? []
      : [look.paint('dim', `and ${active.length - listed.length} more active`)]
  return [
    renderParts(head, width, look),
    `${bar} ${share}`,
    renderParts([['dim', countsText(summary.jobs)]], width, look),
    ...jobs,
    ...more,
  ]
}
