import type { Rehearsal, ReplayView } from '@millrace/shared'
import { amounts } from './amount.ts'
import { drawBar } from './bar.ts'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { durationText } from './time.ts'
import { cut, widthOf } from './width.ts'

const [NARROWEST_BAR, WIDEST_BAR] = [8, 30]

/** A bar and the counts in one line, at most `width` columns wide: a line that wraps cannot be drawn over. */
export function renderReplay(view: ReplayView, look: Look, width = look.width): string {
  const words = wordsOf(view)
  const room = width - widthOf(view.id) - 4 // two blanks on either side of the bar
  const columns = Math.max(NARROWEST_BAR, Math.min(WIDEST_BAR, room - widthOf(words)))
  return `${view.id}  ${renderBar(view, columns, look)}  ${cut(words, room - columns)}`
}

/** Succeeded, then failed, then sent, then what is still to be sent. */
function renderBar({ total, succeeded, failed, replayed }: ReplayView, width: number, look: Look): string {
  const columns = (count: number) => (total === 0 ? width : Math.min(width, Math.floor((count / total) * width)))
  const [good, bad, sent] = [columns(succeeded), columns(succeeded + failed), columns(replayed)]
  return drawBar([good, bad, sent], width, look)
}

function wordsOf(view: ReplayView): string {
  const { total, succeeded, failed, replayed, left } = view
  const counts = amounts([
    [succeeded, 'succeeded'],
    [failed, 'failed again'],
    [view.gone, 'gone'],
    [view.refused, 'refused'],
    [left, leftText(view)],
  ])
  return `${stateText(view)}: ${[`${replayed} of ${total} replayed`, ...counts].join(', ')}`
}

function leftText({ state, left, ratePerSecond }: ReplayView): string {
  if (state === 'stopped') return 'left as they were'
  return state === 'running' ? `to go in ${durationText((left / ratePerSecond) * 1_000)}` : 'to go'
}

const WHY = {
  canary: 'stopped, its canary failed',
  failures: 'stopped, too many failed',
  operator: 'stopped by hand',
} as const

function stateText({ state, why, canary, canaryPassed }: ReplayView): string {
  if (state === 'stopped') return why ? WHY[why] : state
  return state === 'running' && canary > 0 && !canaryPassed ? 'running, canary' : state
}

export function renderRehearsal(rehearsal: Rehearsal, look: Look): string {
  const table = (title: string, counts: Readonly<Record<string, number>>) => {
    const rows = Object.entries(counts).toSorted(([, a], [, b]) => b - a)
    return rows.length === 0
      ? []
      : [look.paint('bold', title), ...rows.map(([name, count]) => `  ${String(count).padStart(7)}  ${oneLine(name)}`)]
  }
  return [
    `${rehearsal.replayed} jobs would go back to their queues, the last after ${(rehearsal.durationMs / 1_000).toFixed(1)} s.`,
    `${rehearsal.unskipped} skipped jobs would wait for them again.`,
    ...(rehearsal.refused > 0 ? [`${rehearsal.refused} cannot be replayed: job removed or workflow cancelled.`] : []),
    ...table('by task', rehearsal.byTask),
    ...table('by queue', rehearsal.byQueue),
    ...table('by fingerprint', rehearsal.byFingerprint),
  ].join('\n')
}
