import type { Series } from '@millrace/shared'

/** The names under which Prometheus knows the series: a histogram is three. */
export const namesIn = (series: readonly Series[]): ReadonlySet<string> =>
  new Set(
    series.flatMap(({ kind, name }) =>
      kind === 'histogram' ? ['bucket', 'sum', 'count'].map((part) => `${name}_${part}`) : [name],
    ),
  )

/** Names of our series in a text of PromQL, each once. */
export const seriesIn = (promql: string): string[] => [...new Set(promql.match(/\bmillrace_\w+/g))]
