import type { DeadLetter } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { agoText } from './time.ts'

/** `dlq list`: one line per dead letter; the id is what the other commands take, so it is never cut. */
export const renderDeadLetters = (letters: readonly DeadLetter[], look: Look): string =>
  renderTable<DeadLetter>(
    [
      { title: 'id', cell: ({ id }) => oneLine(id) },
      { title: 'failed', cell: ({ failedAt }) => ({ text: agoText(failedAt, look.now), style: 'dim' }) },
      { title: 'code', least: 12, drop: 3, cell: ({ code }) => ({ text: oneLine(code), style: 'red' }) },
      { title: 'tries', align: 'right', drop: 2, cell: ({ attempts }) => String(attempts) },
      { title: 'task', least: 10, drop: 1, cell: ({ task }) => oneLine(task) },
      { title: 'message', least: 20, cell: ({ message }) => oneLine(message) },
    ],
    letters,
    look,
  )
