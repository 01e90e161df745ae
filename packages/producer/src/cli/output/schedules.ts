import type { ScheduleView } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { durationText, momentText } from './time.ts'

export const renderSchedules = (schedules: readonly ScheduleView[], look: Look): string =>
  renderTable<ScheduleView>(
    [
      { title: 'schedule', cell: ({ name }) => name },
      { title: 'when', cell: whenText },
      { title: 'workflow', drop: 3, cell: ({ workflow }) => oneLine(workflow) },
      { title: 'next run', cell: ({ nextAt }) => (nextAt ? momentText(nextAt, look.now) : '') },
      { title: 'last run', drop: 2, cell: ({ last }) => (last ? momentText(last.slot, look.now) : '') },
      { title: 'came to', least: 16, drop: 1, cell: outcomeText },
    ],
    schedules,
    look,
  )

/** `0 3 * * * Europe/Zurich` or `every 15 min 00 s`. */
const whenText = ({ cron, tz, everyMs }: ScheduleView) =>
  cron === undefined ? `every ${durationText(everyMs ?? 0)}` : oneLine(`${cron} ${tz ?? 'UTC'}`)

function outcomeText({ last }: ScheduleView): string {
  if (!last) return ''
  if (last.outcome === 'submitted') return `${last.workflow}: ${last.state ?? 'removed'}`
  return oneLine(`${last.outcome}: ${last.why ?? ''}`)
}
