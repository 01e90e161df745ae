/** Colours of Grafana's palette, which it makes fit for light and dark. */
export type ColourName = 'green' | 'yellow' | 'orange' | 'red' | 'blue' | 'light-blue' | 'purple' | 'text'

type Colours = Readonly<Record<string, ColourName>>

/** Values of labels that mean the same have the same colour on every dashboard. */
export const OF_LABEL: Readonly<Record<string, Colours>> = {
  outcome: {
    ...{ succeeded: 'green', dead: 'red', failed: 'red', cancelled: 'purple', running: 'blue', loading: 'light-blue' },
    ...{ created: 'green', known: 'blue', refused: 'orange' },
  },
  level: { critical: 'red', high: 'orange', normal: 'blue', low: 'light-blue', background: 'text' },
}

/** And so have lines of the same name. */
export const OF_LEGEND: Colours = {
  ...{ skipped: 'yellow', cancelled: 'purple', buried: 'red', replayed: 'green', 'dead letters': 'red' },
  ...{ 'half of them': 'green', '95 %': 'orange', '99 %': 'red' },
}
