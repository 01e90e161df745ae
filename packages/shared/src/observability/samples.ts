import type { SERIES, SeriesKey } from './metrics.ts'

type LabelsOf<S extends { readonly labels: readonly string[] }> = { readonly [L in S['labels'][number]]: string }

/** One value of a counter or a gauge. */
interface ValueSample<S extends { readonly labels: readonly string[] }> {
  readonly labels: LabelsOf<S>
  readonly value: number
}

/** What one histogram has seen: how often, by bucket (the last: beyond all of them), and the sum of all values. */
export interface HistogramSample<Labels = Readonly<Record<string, string>>> {
  readonly labels: Labels
  readonly counts: readonly number[]
  readonly sum: number
}

type SampleOf<S> = S extends { readonly kind: 'histogram'; readonly labels: readonly string[] }
  ? HistogramSample<LabelsOf<S>>
  : S extends { readonly labels: readonly string[] }
    ? ValueSample<S>
    : never

/** What was measured, by series. A series of which nothing is known is absent, which is not the same as 0. */
export type Samples = { readonly [K in SeriesKey]?: readonly SampleOf<(typeof SERIES)[K]>[] }

/** Gives what it has measured, whenever somebody looks. */
export type SampleSource = () => Samples | Promise<Samples>
