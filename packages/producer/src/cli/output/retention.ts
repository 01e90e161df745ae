import type { Retention } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { durationText } from './time.ts'

/** `dlq retention`: one line per queue that has a rule of its own. */
export const renderRetention = (rules: readonly Retention[], look: Look): string =>
  renderTable<Retention>(
    [
      { title: 'queue', cell: ({ queue }) => oneLine(queue) },
      { title: 'age', align: 'right', cell: ({ ageMs }) => durationText(ageMs) },
      { title: 'letters', align: 'right', cell: ({ count }) => String(count) },
    ],
    rules,
    look,
  )
