import type { OptionsOf, PanelBody } from '../grafana.ts'
import type { Table } from './panel.ts'
import { letter, once, thresholds } from './parts.ts'

export function renderTable({ labels, columns, sortBy, ascending = false }: Table): PanelBody {
  const columnName = (index: number) => (columns.length === 1 ? 'Value' : `Value #${letter(index)}`)
  return {
    type: 'table',
    fieldConfig: {
      defaults: { custom: { align: 'auto', filterable: false, cellOptions: { type: 'auto' } }, noValue: '–' },
      overrides: columns.map(({ title, unit, steps: given, base = 'green' }) => ({
        matcher: { id: 'byName', options: title },
        properties: [
          { id: 'unit', value: unit },
          ...(given
            ? [
                { id: 'thresholds', value: thresholds(given, base) },
                { id: 'color', value: { mode: 'thresholds' } },
                { id: 'custom.cellOptions', value: { type: 'color-text' } },
              ]
            : []),
        ],
      })),
    },
    options: {
      frameIndex: 0,
      showHeader: true,
      cellHeight: 'sm',
      sortBy: [{ displayName: sortBy, desc: !ascending }],
    } satisfies OptionsOf['table'],
    transformations: [
      { id: 'merge', options: {} },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          indexByName: Object.fromEntries(
            [...Object.keys(labels), ...columns.map((_, index) => columnName(index))].map((name, index) => [
              name,
              index,
            ]),
          ),
          renameByName: {
            ...labels,
            ...Object.fromEntries(columns.map(({ title }, index) => [columnName(index), title])),
          },
        },
      },
    ],
    targets: columns.map(({ query }, index) => ({ ...once(query, index), format: 'table' })),
  }
}
