import type { LinesFields, OptionsOf, PanelBody } from '../grafana.ts'
import { OF_LABEL, OF_LEGEND } from './colours.ts'
import type { Lines, Query } from './panel.ts'
import { overTime, thresholds } from './parts.ts'

export function renderLines({ unit, queries, stacked = false, signed = false, max, limit }: Lines): PanelBody {
  return {
    type: 'timeseries' as const,
    fieldConfig: {
      defaults: {
        unit,
        ...(!signed && { min: 0 }),
        ...(max !== undefined && { max }),
        color: { mode: 'palette-classic' },
        thresholds: thresholds(limit === undefined ? [] : [{ from: limit, colour: 'red' }], 'green'),
        custom: {
          drawStyle: 'line',
          lineWidth: 1,
          fillOpacity: stacked ? 30 : 8,
          showPoints: 'never',
          spanNulls: false,
          stacking: { mode: stacked ? 'normal' : 'none', group: 'A' },
          thresholdsStyle: { mode: limit === undefined ? 'off' : 'dashed' },
        } satisfies LinesFields,
      },
      overrides: fixedColours(queries),
    },
    options: {
      legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: ['lastNotNull'] },
      tooltip: { mode: 'multi', sort: 'desc' },
    } satisfies OptionsOf['timeseries'],
    targets: queries.map((query, index) => overTime(query, index)),
  }
}

/** Names that have a colour of their own: what the legend says, or what the label in it may be. */
function fixedColours(queries: readonly Query[]) {
  const colours = queries.map(({ legend }) => {
    const label = /^\{\{(\w+)\}\}$/.exec(legend)?.[1]
    return label ? OF_LABEL[label] : OF_LEGEND[legend] && { [legend]: OF_LEGEND[legend] }
  })
  return Object.entries(Object.assign({}, ...colours)).map(([name, colour]) => ({
    matcher: { id: 'byName', options: name },
    properties: [{ id: 'color', value: { mode: 'fixed', fixedColor: colour } }],
  }))
}
