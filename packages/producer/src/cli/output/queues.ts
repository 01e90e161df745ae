import type { QueueView } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { stateCell } from './state.ts'
import { renderTable } from './table.ts'

export const renderQueues = (queues: readonly QueueView[], look: Look): string =>
  renderTable<QueueView>(
    [
      { title: 'queue', cell: ({ name }) => oneLine(name) },
      { title: 'state', cell: ({ paused }) => stateCell(paused ? 'paused' : 'open', look) },
      { title: 'queued', align: 'right', cell: ({ queued }) => String(queued) },
      { title: 'active', align: 'right', cell: ({ active }) => String(active) },
      { title: 'delayed', align: 'right', drop: 2, cell: ({ delayed }) => String(delayed) },
      { title: 'capacity', align: 'right', drop: 3, cell: ({ capacity }) => String(capacity) },
      { title: 'waiting', align: 'right', drop: 1, cell: ({ waiting }) => String(waiting) },
      {
        title: 'workers',
        align: 'right',
        cell: ({ workers }) => (workers > 0 ? String(workers) : { text: '0', style: 'yellow' }),
      },
    ],
    queues,
    look,
  )
