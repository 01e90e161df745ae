import type { OptionsOf, PanelBody } from '../grafana.ts'
import type { Figure } from './panel.ts'
import { overTime, thresholds, wordsFor } from './parts.ts'

export function renderFigure({ unit, query, steps: given = [], base = 'green', words }: Figure): PanelBody {
  return {
    type: 'stat',
    fieldConfig: {
      defaults: {
        unit,
        color: { mode: 'thresholds' },
        thresholds: thresholds(given, base),
        mappings: words ? [wordsFor(words)] : [],
        noValue: '–',
      },
      overrides: [],
    },
    options: {
      colorMode: 'value',
      graphMode: words ? 'none' : 'area',
      justifyMode: 'auto',
      orientation: 'auto',
      textMode: 'value',
      showPercentChange: false,
      percentChangeColorMode: 'standard',
      wideLayout: true,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    } satisfies OptionsOf['stat'],
    targets: [overTime({ expr: query, legend: '' })],
  }
}
