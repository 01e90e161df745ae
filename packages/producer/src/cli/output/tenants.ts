import type { TenantView } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'
import { renderTable } from './table.ts'

export const renderTenants = (tenants: readonly TenantView[], look: Look): string =>
  renderTable<TenantView>(
    [
      { title: 'tenant', cell: ({ name }) => oneLine(name) },
      { title: 'queued', align: 'right', cell: ({ queued }) => String(queued) },
      { title: 'most', align: 'right', cell: ({ quota }) => text(quota.queued) },
      { title: 'active', align: 'right', cell: ({ active }) => text(active) },
      { title: 'most', align: 'right', cell: ({ quota }) => text(quota.active) },
    ],
    tenants,
    look,
  )

const text = (count: number | undefined) => (count === undefined ? '' : String(count))
