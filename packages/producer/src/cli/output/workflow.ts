import type { JobView, WorkflowSummary, WorkflowView } from '@millrace/shared'
import { countsText } from './bar.ts'
import { renderFields } from './fields.ts'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { shownState, stateCell, stateText } from './state.ts'
import { type Column, renderTable } from './table.ts'
import { durationText, momentText } from './time.ts'

/** `status`: the workflow, then its jobs in topological order. */
export function renderWorkflow(view: WorkflowView, look: Look): string {
  const head = `${look.paint('bold', view.id)}  ${stateText(shownState(view), look)}`
  return [head, '', renderSummary(view, look), '', renderTable(jobColumns(look), view.jobList, look)].join('\n')
}

export function renderSummary(summary: WorkflowSummary, look: Look): string {
  const { finishedAt, submittedAt } = summary
  return renderFields(
    [
      ['name', summary.name],
      ['priority', summary.priority],
      ['on failure', summary.onFailure],
      ['jobs', countsText(summary.jobs)],
      ['submitted', momentText(submittedAt, look.now)],
      ['finished', finishedAt === undefined ? undefined : momentText(finishedAt, look.now)],
      ['took', finishedAt === undefined ? undefined : durationText(finishedAt - submittedAt)],
      ['rerun of', summary.rerunOf && `${summary.rerunOf.id} from ${summary.rerunOf.from}`],
      ['run again as', summary.reruns?.join(' ')],
    ],
    look,
  )
}

/** `list`: one line per workflow. */
export const renderWorkflows = (summaries: readonly WorkflowSummary[], look: Look): string =>
  renderTable<WorkflowSummary>(
    [
      { title: 'id', cell: ({ id }) => id },
      { title: 'state', cell: (summary) => stateCell(shownState(summary), look) },
      { title: 'jobs', align: 'right', cell: ({ jobs }) => String(jobs.total) },
      { title: 'succeeded', align: 'right', drop: 2, cell: ({ jobs }) => String(jobs.succeeded) },
      {
        title: 'dead',
        align: 'right',
        drop: 1,
        cell: ({ jobs }) => (jobs.dead > 0 ? { text: String(jobs.dead), style: 'red' } : ''),
      },
      { title: 'priority', drop: 4, cell: ({ priority }) => priority },
      { title: 'took', align: 'right', drop: 3, cell: tookOf },
      {
        title: 'submitted',
        drop: 2,
        cell: ({ submittedAt }) => ({ text: momentText(submittedAt, look.now), style: 'dim' }),
      },
    ],
    summaries,
    look,
  )

const jobColumns = (look: Look): Column<JobView>[] => [
  { title: 'job', least: 12, cell: ({ name }) => oneLine(name) },
  { title: 'state', cell: ({ state }) => stateCell(state, look) },
  { title: 'task', least: 10, drop: 4, cell: ({ task }) => oneLine(task) },
  { title: 'queue', least: 7, drop: 6, cell: ({ queue }) => oneLine(queue) },
  { title: 'tries', align: 'right', drop: 3, cell: ({ attempts }) => (attempts > 0 ? String(attempts) : '') },
  {
    title: 'took',
    align: 'right',
    drop: 2,
    cell: ({ startedAt, finishedAt }) => (startedAt && finishedAt ? durationText(finishedAt - startedAt) : ''),
  },
  { title: 'needs', least: 8, drop: 5, cell: ({ needs }) => ({ text: needs.join(' '), style: 'dim' }) },
  { title: 'note', least: 16, drop: 1, cell: noteOf },
]

/** What a person wants to know next about a job: why it died, or how far it is. */
function noteOf({ error, progress, state, carriedFrom }: JobView): string | { text: string; style: 'red' | 'dim' } {
  if (carriedFrom !== undefined) return { text: `ran in ${carriedFrom}`, style: 'dim' }
  if (error && state !== 'succeeded') return { text: oneLine(`${error.code}: ${error.message}`), style: 'red' }
  if (state !== 'active' || progress === undefined || progress === null) return ''
  return oneLine(typeof progress === 'string' ? progress : JSON.stringify(progress))
}

function tookOf({ submittedAt, finishedAt }: WorkflowSummary): string {
  return finishedAt === undefined ? '' : durationText(finishedAt - submittedAt)
}
