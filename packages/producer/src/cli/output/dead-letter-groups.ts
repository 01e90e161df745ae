import type { DeadLetterGroup, Remedy } from '@millrace/shared'
import type { Look, Style } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'
import { agoText } from './time.ts'

const STYLES: Partial<Record<Remedy, Style>> = { replay: 'green', wait: 'yellow' }

/** `dlq stats`: one line per fingerprint, which is what the other commands take, so it is never cut. The message says most. */
export const renderGroups = (groups: readonly DeadLetterGroup[], look: Look): string =>
  renderTable<DeadLetterGroup>(
    [
      { title: 'fingerprint', cell: ({ fingerprint }) => fingerprint },
      { title: 'dead', align: 'right', cell: ({ letters }) => String(letters) },
      { title: 'stranded', align: 'right', drop: 2, cell: ({ stranded }) => String(stranded) },
      { title: 'workflows', align: 'right', drop: 4, cell: ({ workflows }) => String(workflows) },
      { title: 'first', drop: 7, cell: ({ firstAt }) => ({ text: agoText(firstAt, look.now), style: 'dim' }) },
      {
        title: 'last',
        cell: ({ lastAt, happening }) => ({ text: agoText(lastAt, look.now), style: happening ? 'red' : 'dim' }),
      },
      { title: 'since', drop: 6, least: 6, cell: ({ firstVersion }) => oneLine(firstVersion ?? '') },
      { title: 'tasks', drop: 3, least: 8, cell: ({ tasks }) => few(tasks) },
      { title: 'tenants', drop: 5, least: 8, cell: ({ tenants }) => few(tenants.map(({ name }) => name)) },
      {
        title: 'do',
        cell: ({ advice }) => ({ text: advice.remedy, style: STYLES[advice.remedy] ?? 'cyan' }),
      },
      { title: 'code', least: 12, drop: 1, cell: ({ code }) => ({ text: oneLine(code), style: 'red' }) },
      { title: 'message', least: 32, cell: ({ message }) => oneLine(message).slice(0, 120) },
    ],
    groups,
    look,
  )

/** The first one and how many more. */
const few = ([first = '', ...rest]: readonly string[]) => oneLine(first) + (rest.length > 0 ? ` +${rest.length}` : '')
