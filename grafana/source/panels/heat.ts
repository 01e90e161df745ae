import type { OptionsOf, PanelBody } from '../grafana.ts'
import type { Heat } from './panel.ts'
import { overTime } from './parts.ts'

export function renderHeat({ unit, query, from }: Heat): PanelBody {
  const counted = from === 'histogram'
  return {
    type: 'heatmap',
    fieldConfig: { defaults: { unit, custom: { scaleDistribution: { type: 'linear' } } }, overrides: [] },
    options: {
      calculate: !counted,
      ...(!counted && { calculation: { yBuckets: { mode: 'size', value: '0.1', scale: { type: 'linear' } } } }),
      yAxis: { unit, axisPlacement: 'left', ...(unit === 'percentunit' && { min: 0, max: 1 }) },
      color: { mode: 'scheme', scheme: 'Turbo', steps: 64, exponent: 0.5, reverse: false, fill: 'blue' },
      filterValues: { le: 1e-9 },
      rowsFrame: { layout: 'auto' },
      cellGap: 1,
      cellValues: { unit: 'short', decimals: 0 },
      showValue: 'never',
      legend: { show: true },
      tooltip: { mode: 'single', yHistogram: true, showColorScale: true },
      exemplars: { color: 'red' },
    } satisfies OptionsOf['heatmap'],
    targets: [
      {
        ...overTime({ expr: query, legend: counted ? '{{le}}' : '{{instance}}' }),
        format: counted ? 'heatmap' : 'time_series',
      },
    ],
  }
}
