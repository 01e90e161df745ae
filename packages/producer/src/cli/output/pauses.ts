import type { Pause } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { momentText } from './time.ts'

/** What is paused, as a list shows it; of a queue its own entries are counted, since nothing has to be put aside. */
export interface PauseLine {
  readonly kind: Pause['kind'] | 'queue'
  readonly name: string
  /** Unknown for a queue. */
  readonly pausedAt: number | undefined
  /** Jobs that would run. */
  readonly waiting: number
}

export const renderPauses = (pauses: readonly PauseLine[], look: Look): string =>
  renderTable<PauseLine>(
    [
      { title: 'paused', cell: ({ kind }) => kind },
      { title: 'name', cell: ({ name }) => oneLine(name) },
      { title: 'jobs waiting', align: 'right', cell: ({ waiting }) => String(waiting) },
      { title: 'since', drop: 1, cell: ({ pausedAt }) => (pausedAt ? momentText(pausedAt, look.now) : '') },
    ],
    pauses,
    look,
  )
