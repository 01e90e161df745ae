import type { OptionsOf, PanelBody } from '../grafana.ts'
import type { Rows } from './panel.ts'
import { overTime, thresholds, wordsFor } from './parts.ts'

/** With states: bars as long as a state lasts. Without: a square for each moment, from green to red. */
export function renderRows({ unit, query, states, max }: Rows): PanelBody {
  const tooltip = { mode: 'single', sort: 'none' } as const
  const legend = { showLegend: states !== undefined, displayMode: 'list', placement: 'bottom', calcs: [] } as const
  const bars: OptionsOf['state-timeline'] = { mergeValues: true, showValue: 'auto', rowHeight: 0.9, legend, tooltip }
  const squares: OptionsOf['status-history'] = { showValue: 'never', rowHeight: 0.9, colWidth: 0.9, legend, tooltip }
  return {
    type: states ? 'state-timeline' : 'status-history',
    fieldConfig: {
      defaults: {
        unit,
        ...(max !== undefined && { min: 0, max }),
        color: { mode: states ? 'thresholds' : 'continuous-GrYlRd' },
        thresholds: thresholds([], 'green'),
        mappings: states ? [wordsFor(states)] : [],
        custom: { lineWidth: states ? 0 : 1, fillOpacity: 80 },
      },
      overrides: [],
    },
    options: states ? bars : squares,
    targets: [overTime(query)],
  }
}
