import type { DeadLetterStory, PastAttempt } from '@millrace/shared'
import { renderFields } from './fields.ts'
import type { Look } from './look.ts'
import { manyLines, oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { agoText, durationText, momentText } from './time.ts'

/** Jobs that wait which are named; the rest is counted. */
const MOST_NAMED = 10

/** `dlq show`: the whole story of one dead letter. */
export function renderStory(letter: DeadLetterStory, look: Look): string {
  const part = (title: string, text: string) => `${look.paint('dim', title)}\n${text}`
  const data = (title: string, value: unknown) =>
    value === undefined ? undefined : part(title, indented(manyLines(JSON.stringify(value, null, 2))))
  return [
    look.paint('bold', oneLine(letter.id)),
    facts(letter, look),
    letter.history.length > 0 ? part('attempts', attempts(letter.history, look)) : undefined,
    data('input', letter.input),
    data('needs', letter.needs && Object.keys(letter.needs).length > 0 ? letter.needs : undefined),
    data('checkpoint', letter.checkpoint),
    data('context', letter.context),
    letter.waiting.length > 0 ? part('waiting for it', indented(waiting(letter))) : undefined,
    letter.stack ? part('stack', indented(manyLines(letter.stack))) : undefined,
  ]
    .filter((text) => text !== undefined)
    .join('\n\n')
}

function facts(letter: DeadLetterStory, look: Look): string {
  const { startedAt, failedAt, workflow, failure } = letter
  const ran = startedAt === undefined ? undefined : `after ${durationText(failedAt - startedAt)} of its last attempt`
  const others =
    failure &&
    `${failure.count} attempts, ${failure.dead} dead jobs, ${failure.workflows} workflows; last ${agoText(failure.lastSeenAt, look.now)}, first seen by version ${oneLine(failure.firstVersion)}`
  return renderFields(
    [
      ['code', look.paint('red', oneLine(letter.code))],
      ['severity', `${letter.severity}, ${oneLine(letter.category)}`],
      ['fingerprint', letter.fingerprint],
      ['like it', others],
      ['message', manyLines(letter.message).replaceAll('\n', `\n${' '.repeat(13)}`)],
      ['workflow', workflow && `${workflow.id} (${workflow.name})`],
      ['tenant', letter.tenant && oneLine(letter.tenant)],
      ['job', oneLine(letter.job) + (letter.jobExists ? '' : ' (removed: it cannot be replayed)')],
      ['task', oneLine(letter.task)],
      ['queue', oneLine(letter.queue)],
      ['attempts', String(letter.attempts)],
      ['worker', letter.worker && oneLine(letter.worker)],
      ['trace', letter.traceId],
      ['submitted', momentText(letter.submittedAt, look.now)],
      ['failed', [momentText(failedAt, look.now), ran].filter(Boolean).join(', ')],
    ],
    look,
  )
}

const attempts = (history: readonly PastAttempt[], look: Look): string =>
  indented(
    renderTable<PastAttempt>(
      [
        { title: 'attempt', align: 'right', cell: ({ attempt }) => String(attempt) },
        { title: 'began', drop: 2, cell: ({ startedAt }) => momentText(startedAt, look.now) },
        { title: 'ran', align: 'right', cell: ({ startedAt, failedAt }) => durationText(failedAt - startedAt) },
        { title: 'worker', least: 10, drop: 1, cell: ({ worker }) => oneLine(worker) },
        { title: 'code', least: 12, cell: ({ code }) => ({ text: oneLine(code), style: 'red' }) },
        { title: 'message', least: 16, cell: ({ message }) => oneLine(message) },
      ],
      history,
      { ...look, width: look.width - 2 },
    ),
  )

function waiting({ waiting: jobs, moreWaiting }: DeadLetterStory): string {
  const named = jobs.slice(0, MOST_NAMED).map(({ job, state }) => `${oneLine(job)} (${state})`)
  const rest = jobs.length - named.length
  const more = moreWaiting ? 'more than ' : ''
  return named.join('\n') + (rest > 0 ? `\n… and ${more}${rest} more` : '')
}

const indented = (text: string) =>
  text
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
