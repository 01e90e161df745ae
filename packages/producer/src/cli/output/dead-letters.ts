import type { DeadLetter } from '@millrace/shared'
import { renderFields } from './fields.ts'
import type { Look } from './look.ts'
import { manyLines, oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { agoText, durationText, momentText } from './time.ts'

/** `dlq list`: one line per dead letter; the id is what the other commands take, so it is never cut. */
export const renderDeadLetters = (letters: readonly DeadLetter[], look: Look): string =>
  renderTable<DeadLetter>(
    [
      { title: 'id', cell: ({ id }) => oneLine(id) },
      { title: 'failed', cell: ({ failedAt }) => ({ text: agoText(failedAt, look.now), style: 'dim' }) },
      { title: 'code', cell: ({ code }) => ({ text: oneLine(code), style: 'red' }) },
      { title: 'tries', align: 'right', drop: 2, cell: ({ attempts }) => String(attempts) },
      { title: 'task', least: 10, drop: 1, cell: ({ task }) => oneLine(task) },
      { title: 'message', least: 20, cell: ({ message }) => oneLine(message) },
    ],
    letters,
    look,
  )

/** `dlq show`: all that is known of one dead letter. */
export function renderDeadLetter(letter: DeadLetter, look: Look): string {
  const { startedAt, failedAt, workflow } = letter
  const ran = startedAt === undefined ? undefined : `after ${durationText(failedAt - startedAt)} of its last attempt`
  const fields = renderFields(
    [
      ['code', look.paint('red', oneLine(letter.code))],
      ['severity', `${letter.severity}, ${oneLine(letter.category)}`],
      ['fingerprint', letter.fingerprint],
      ['message', manyLines(letter.message).replaceAll('\n', `\n${' '.repeat(13)}`)],
      ['workflow', workflow && `${workflow.id} (${workflow.name})`],
      ['job', oneLine(letter.job)],
      ['task', oneLine(letter.task)],
      ['queue', oneLine(letter.queue)],
      ['attempts', String(letter.attempts)],
      ['worker', letter.worker && oneLine(letter.worker)],
      ['submitted', momentText(letter.submittedAt, look.now)],
      ['failed', [momentText(failedAt, look.now), ran].filter(Boolean).join(', ')],
    ],
    look,
  )
  const parts = [look.paint('bold', oneLine(letter.id)), fields]
  if (letter.input !== undefined)
    parts.push(`${look.paint('dim', 'input')}\n${indented(JSON.stringify(letter.input, null, 2))}`)
  if (letter.stack) parts.push(`${look.paint('dim', 'stack')}\n${indented(letter.stack)}`)
  return parts.join('\n\n')
}

const indented = (text: string) =>
  manyLines(text)
    .split('\n')
    .map((line) => `  ${line}`)
    .join('\n')
