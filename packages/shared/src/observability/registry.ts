import type { Metric, Registry } from 'prom-client'
import { SERIES, type Series, type SeriesKey } from './metrics.ts'
import type { HistogramSample, SampleSource, Samples } from './samples.ts'

/** The series of one process, in the text format of Prometheus. */
export interface MetricsRegistry {
  readonly contentType: string
  /** Asks every source once. */
  text(): Promise<string>
}

interface ValueRow {
  readonly labels: Readonly<Record<string, string | number>>
  readonly value: number
  readonly metricName?: string
}

/**
 * Joins what the sources have measured. Sources count in plain numbers as they see fit, and are asked only when somebody
 * scrapes: no metric costs the hot path more than an addition.
 */
export function createRegistry(sources: readonly SampleSource[]): MetricsRegistry {
  return {
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    async text() {
      const { Registry } = await import('prom-client') // a process that nobody scrapes does without
      const registry = new Registry()
      for (const samples of await Promise.all(sources.map(async (source) => source()))) register(registry, samples)
      return await registry.metrics()
    },
  }
}

function register(registry: Registry, samples: Samples): void {
  for (const [key, found] of Object.entries(samples)) {
    const { name, help, kind, ...rest }: Series = SERIES[key as SeriesKey]
    const values =
      kind === 'histogram'
        ? (found as readonly HistogramSample[]).flatMap((one) => histogramRows(name, rest.buckets ?? [], one))
        : (found as readonly ValueRow[])
    // prom-client asks of a metric what it prints: it need not have counted it
    registry.registerMetric({ name, help, get: async () => ({ name, help, type: kind, values }) } as unknown as Metric)
  }
}

function histogramRows(name: string, buckets: readonly number[], { labels, counts, sum }: HistogramSample): ValueRow[] {
  let count = 0
  const rows: ValueRow[] = [...buckets, '+Inf'].map((le, index) => {
    count += counts[index] ?? 0
    return { labels: { ...labels, le }, value: count, metricName: `${name}_bucket` }
  })
  return [
    ...rows,
    { labels, value: sum, metricName: `${name}_sum` },
    { labels, value: count, metricName: `${name}_count` },
  ]
}
