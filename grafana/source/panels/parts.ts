import type { ColourName } from './colours.ts'
import type { Query, Step, Words } from './panel.ts'

/** Whatever the variable `datasource` of the dashboard says. */
export const SOURCE = { type: 'prometheus', uid: '${datasource}' } as const

/** A, B, C, …: how the queries of a panel are called. */
export const letter = (index: number) => String.fromCharCode('A'.charCodeAt(0) + index)

/** A query whose answer has a value for every moment that is shown. */
export const overTime = ({ expr, legend }: Query, index = 0) => ({
  refId: letter(index),
  datasource: SOURCE,
  editorMode: 'code',
  expr,
  legendFormat: legend,
  instant: false,
  range: true,
})

/** A query whose answer is about all of the time that is shown, or about now. */
export const once = (expr: string, index = 0) => ({
  refId: letter(index),
  datasource: SOURCE,
  editorMode: 'code',
  expr,
  instant: true,
  range: false,
})

/** The colour from each value on. Grafana wants nothing as the value of the first. */
export const thresholds = (given: readonly Step[], base: ColourName) => ({
  mode: 'absolute' as const,
  steps: [
    { color: base, value: null },
    ...given.map(({ from, colour }) => ({ color: colour, value: from as number | null })),
  ],
})

/** Instead of a value, its word in its colour. */
export const wordsFor = (words: Words) => ({
  type: 'value' as const,
  options: Object.fromEntries(
    Object.entries(words).map(([value, { text, colour }], index) => [value, { index, text, color: colour }]),
  ),
})
