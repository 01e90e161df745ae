import type { AuditRecord, Json } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'

/** `audit list`: one line per entry; to what it was done is never cut, since other commands take it. */
export const renderAudit = (records: readonly AuditRecord[], look: Look): string =>
  renderTable<AuditRecord>(
    [
      { title: 'when', cell: ({ at }) => ({ text: `${new Date(at).toISOString().slice(0, 19)}Z`, style: 'dim' }) },
      { title: 'who', least: 8, cell: ({ actor }) => oneLine(actor) },
      { title: 'from', least: 8, drop: 2, cell: ({ host, via }) => oneLine(`${host} (${via})`) },
      { title: 'what', cell: ({ action }) => ({ text: oneLine(action), style: 'cyan' }) },
      { title: 'to', cell: ({ subject }) => oneLine(subject) },
      { title: 'count', align: 'right', drop: 1, cell: ({ count }) => String(count) },
      { title: 'change', least: 20, drop: 3, cell: ({ before, after }) => oneLine(changeText(before, after)) },
    ],
    records,
    look,
  )

function changeText(before: Json | undefined, after: Json | undefined): string {
  const [from, to] = [before, after].map((value) => (value === undefined ? '' : JSON.stringify(value)))
  return from ? `${from} → ${to}` : (to ?? '')
}
