import type { OptionsOf, PanelBody } from '../grafana.ts'
import type { Figure } from './panel.ts'
import { once, overTime, thresholds, wordsFor } from './parts.ts'

export function renderFigure({ unit, query, steps: given = [], base = 'green', words }: Figure): PanelBody {
  // what is about all of the time that is shown has no course within it
  const course = !query.includes('$__range') && !words
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
      graphMode: course ? 'area' : 'none',
      justifyMode: 'auto',
      orientation: 'auto',
      textMode: 'value',
      showPercentChange: false,
      percentChangeColorMode: 'standard',
      wideLayout: true,
      reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false },
    } satisfies OptionsOf['stat'],
    targets: [course ? overTime({ expr: query, legend: '' }) : once(query)],
  }
}
