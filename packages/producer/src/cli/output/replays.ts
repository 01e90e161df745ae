import type { Rehearsal, ReplayView } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'

const WIDTH = 30

/** Succeeded, then failed, then sent, then what is still to be sent; and the counts. */
export function renderReplay(view: ReplayView, look: Look): string {
  const { total, succeeded, failed, replayed, left } = view
  const columns = (count: number) => (total === 0 ? WIDTH : Math.floor((count / total) * WIDTH))
  const [good, bad, sent] = [columns(succeeded), columns(succeeded + failed), columns(replayed)]
  const bar =
    look.paint('green', '█'.repeat(good)) +
    look.paint('red', '▓'.repeat(bad - good)) +
    look.paint('yellow', '▒'.repeat(Math.max(0, sent - bad))) +
    look.paint('dim', '░'.repeat(Math.max(0, WIDTH - Math.max(sent, bad))))
  const counts = [
    [replayed, `of ${total} replayed`],
    [succeeded, 'succeeded'],
    [failed, 'failed again'],
    [view.gone, 'gone'],
    [view.refused, 'refused'],
    [left, view.state === 'stopped' ? 'left as they were' : 'to go'],
  ] as const
  const words = counts.filter(([count], index) => index === 0 || count > 0).map(([count, word]) => `${count} ${word}`)
  return `${view.id}  ${bar}  ${stateText(view)}: ${words.join(', ')}`
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
