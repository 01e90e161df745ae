import {
  type JobReasons,
  LEVELS,
  type QueueReasons,
  type Reason,
  type Reasons,
  type ScheduleReasons,
  type WorkflowReasons,
} from '@millrace/shared'
import { amount } from './amount.ts'
import { countsText } from './bar.ts'
import { renderFields } from './fields.ts'
import type { Look, Style } from './look.ts'
import { oneLine } from './printable.ts'
import { stateText } from './state.ts'
import { renderTable } from './table.ts'
import { clockText, durationText, momentText } from './time.ts'
import { wrap } from './wrap.ts'

/** `why`: what it is, each reason with what lifts it, and when it is likely to begin. */
export function renderReasons(reasons: Reasons, look: Look): string {
  if (reasons.kind === 'job') return renderJob(reasons, look)
  if (reasons.kind === 'workflow') return renderWorkflow(reasons, look)
  return reasons.kind === 'queue' ? renderQueue(reasons, look) : renderSchedule(reasons, look)
}

const parts = (...texts: readonly string[]) => texts.filter((text) => text !== '').join('\n\n')

function renderJob({ workflow, job, state, task, queue, level, reasons, start }: JobReasons, look: Look): string {
  const begins =
    start === undefined
      ? undefined
      : start.at === undefined
        ? start.how
        : start.at <= look.now
          ? `now. ${start.how}`
          : `about ${clockText(start.at)}, in ${durationText(start.at - look.now)}. ${start.how}`
  const room = look.width - 7
  return parts(
    `${look.paint('bold', oneLine(`${workflow}.${job}`))}  ${stateText(state, look)}  ${look.paint('dim', `task ${oneLine(task)}, queue ${oneLine(queue)}, ${level}`)}`,
    list(reasons, look),
    begins === undefined ? '' : `${look.paint('bold', 'Start')}  ${wrap(oneLine(begins), room).join('\n       ')}`,
  )
}

function renderWorkflow({ workflow, state, jobs, reasons, frontier, complete }: WorkflowReasons, look: Look): string {
  const groups = frontier.map(({ reason, jobs, names }) => {
    const more = jobs > names.length ? ' …' : ''
    const head = amount(jobs, 'job')
    return `${look.paint('bold', head)}  ${look.paint('dim', oneLine(names.join(', ')) + more)}\n${list([reason], look)}`
  })
  return parts(
    `${look.paint('bold', workflow)}  ${stateText(state, look)}  ${look.paint('dim', countsText(jobs))}`,
    list(reasons, look),
    groups.length > 0 ? `${look.paint('dim', 'COULD BE NEXT')}\n${groups.join('\n')}` : '',
    complete ? '' : 'It has more jobs than were looked at: the counts are those of a part.',
  )
}

function renderQueue(queue: QueueReasons, look: Look): string {
  const levels = LEVELS.filter((level) => queue.levels[level] > 0).map((level) => `${queue.levels[level]} ${level}`)
  const { slots, limits, parked, oldestSince } = queue
  return parts(
    `${look.paint('bold', oneLine(queue.name))}  ${stateText(queue.paused ? 'paused' : 'open', look)}`,
    list(queue.reasons, look),
    renderFields(
      [
        ['queued', levels.length > 0 ? `${queue.queued}: ${levels.join(', ')}` : String(queue.queued)],
        ['oldest', oldestSince === undefined ? undefined : `could run since ${momentText(oldestSince, look.now)}`],
        ['delayed', String(queue.delayed)],
        ['waiting', `${queue.waiting} for needs`],
        ['active', `${queue.active} jobs`],
        ['slots', `${slots.active} of ${slots.limit} taken, on ${queue.workers.length} workers`],
        ['workers', oneLine(queue.workers.join(', '))],
        ['capacity', `${queue.queued + queue.delayed + queue.waiting} of ${queue.capacity} jobs`],
      ],
      look,
    ),
    parked.length === 0
      ? ''
      : renderTable(
          [
            { title: 'put aside for', cell: ({ lot }) => oneLine(lot) },
            { title: 'jobs', align: 'right', cell: ({ jobs, about }) => `${about ? '~' : ''}${jobs}` },
          ],
          parked,
          look,
        ),
    limits.length === 0
      ? ''
      : renderTable(
          [
            { title: 'limit of', cell: ({ about }) => oneLine(about) },
            { title: 'at once', align: 'right', cell: ({ slots }) => (slots ? `${slots.used}/${slots.most}` : '') },
            {
              title: 'begun',
              align: 'right',
              cell: ({ rate }) => (rate ? `${rate.begun}/${rate.max} per ${durationText(rate.perMs)}` : ''),
            },
            { title: 'waiting', align: 'right', cell: ({ parked }) => String(parked) },
          ],
          limits,
          look,
        ),
  )
}

const renderSchedule = ({ name, reasons }: ScheduleReasons, look: Look): string =>
  parts(
    `${look.paint('bold', oneLine(name))}  schedule`,
    reasons.length === 0 ? '  Nothing keeps it: its run is due.' : list(reasons, look),
  )

const STYLES: Partial<Record<Reason['code'], Style>> = {
  next: 'green',
  succeeded: 'green',
  active: 'cyan',
  dead: 'red',
  'need-dead': 'red',
  'no-worker': 'red',
  'task-absent': 'red',
  'breaker-open': 'red',
  cancelled: 'dim',
  skipped: 'dim',
}

/** One paragraph per reason: a mark, the text, and below it what lifts it. */
function list(reasons: readonly Reason[], look: Look): string {
  const mark = look.symbols ? '▸' : '-'
  return reasons
    .map(({ code, text, until, help }) => {
      const when = until !== undefined && until > look.now ? ` (until ${clockText(until)})` : ''
      const lines = wrap(oneLine(text) + when, look.width - 4).map((line, index) =>
        index === 0 ? line : `    ${line}`,
      )
      const helps =
        help === undefined ? [] : wrap(oneLine(help), look.width - 4).map((line) => look.paint('dim', `    ${line}`))
      return [`  ${look.paint(STYLES[code] ?? 'yellow', mark)} ${lines.join('\n')}`, ...helps].join('\n')
    })
    .join('\n')
}
