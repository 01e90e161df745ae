import type { FailureView, TaskDetails, TaskView, TimeLimitChange } from '@millrace/shared'
import { renderFields } from './fields.ts'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { agoText, durationText, momentText } from './time.ts'

/** `task list`: one line per task. */
export const renderTasks = (tasks: readonly TaskView[], look: Look): string =>
  renderTable<TaskView>(
    [
      { title: 'task', cell: ({ name }) => oneLine(name) },
      {
        title: 'queue',
        drop: 1,
        cell: ({ queue }) => (queue ? oneLine(queue) : { text: 'no worker', style: 'yellow' }),
      },
      { title: 'median', align: 'right', cell: ({ measured }) => timeOf(measured, measured?.medianMs) },
      { title: 'p99', align: 'right', cell: ({ measured }) => timeOf(measured, measured?.p99Ms) },
      { title: 'samples', align: 'right', drop: 2, cell: ({ measured }) => String(measured?.samples ?? 0) },
      { title: 'limit', align: 'right', cell: (task) => limitText(task) },
      {
        title: 'why',
        least: 20,
        drop: 3,
        cell: (task) => (task.timeLimitByHandMs ? 'fixed by hand' : (task.timeLimit?.why ?? '')),
      },
    ],
    tasks,
    look,
  )

/** `task show`: all that is known of one task. */
export function renderTask(task: TaskDetails, look: Look): string {
  const { measured, timeLimit, queue, description } = task
  const pending = task.timeLimitByHandMs !== undefined && task.timeLimitByHandMs !== timeLimit?.ms
  const fields = renderFields(
    [
      ['description', oneLine(description)],
      ['queue', queue ? oneLine(queue) : look.paint('yellow', 'no worker has the task now')],
      ['time limit', limitText(task)],
      ['why', pending ? 'fixed by hand; no worker has said yet that it follows' : timeLimit?.why],
      ['since', pending || !timeLimit ? undefined : momentText(timeLimit.since, look.now)],
      ['samples', measured && `${measured.samples} succeeded, ${measured.timeouts} cut off at the limit`],
      ['median', timeOf(measured, measured?.medianMs)],
      ['p90', timeOf(measured, measured?.p90Ms)],
      ['p99', timeOf(measured, measured?.p99Ms)],
      ['slowest', timeOf(measured, measured?.mostMs)],
    ],
    look,
  )
  const parts = [look.paint('bold', oneLine(task.name)), fields]
  if (timeLimit && timeLimit.before.length > 0)
    parts.push(`${look.paint('dim', 'limits before')}\n${before(timeLimit.before, look)}`)
  if (task.failures.length > 0) parts.push(`${look.paint('dim', 'failures')}\n${failureTable(task.failures, look)}`)
  return parts.join('\n\n')
}

const before = (changes: readonly TimeLimitChange[], look: Look): string =>
  renderTable<TimeLimitChange>(
    [
      { title: 'since', cell: ({ since }) => momentText(since, look.now) },
      { title: 'limit', align: 'right', cell: ({ ms }) => durationText(ms) },
      { title: 'why', least: 20, cell: ({ why }) => why },
    ],
    changes,
    look,
  )

const failureTable = (failures: readonly FailureView[], look: Look): string =>
  renderTable<FailureView>(
    [
      { title: 'fingerprint', cell: ({ fingerprint }) => fingerprint },
      { title: 'last', cell: ({ lastSeenAt }) => ({ text: agoText(lastSeenAt, look.now), style: 'dim' }) },
      { title: 'count', align: 'right', cell: ({ count }) => String(count) },
      { title: 'dead', align: 'right', drop: 2, cell: ({ dead }) => String(dead) },
      { title: 'workflows', align: 'right', drop: 1, cell: ({ workflows }) => String(workflows) },
      { title: 'code', cell: ({ code }) => ({ text: oneLine(code), style: 'red' }) },
      { title: 'message', least: 20, cell: ({ pattern }) => oneLine(pattern) },
    ],
    failures,
    look,
  )

function limitText({ timeLimit, timeLimitByHandMs }: TaskView): string {
  const ms = timeLimitByHandMs ?? timeLimit?.ms
  return ms === undefined ? '' : durationText(ms)
}

const timeOf = (measured: TaskView['measured'], ms: number | undefined): string =>
  measured && measured.samples > 0 && ms !== undefined ? durationText(ms) : ''
