import type { HistogramSample } from './samples.ts'

/** Counts values by bucket. To observe costs some ten comparisons and allocates nothing: it is done for every job. */
export interface Histogram {
  observe(value: number): void
  sample<Labels>(labels: Labels): HistogramSample<Labels>
}

/** @param buckets upper bounds, rising; a value that equals one belongs to it. */
export function createHistogram(buckets: readonly number[]): Histogram {
  const counts = new Array<number>(buckets.length + 1).fill(0)
  let sum = 0
  return {
    observe(value) {
      let bucket = 0
      while (bucket < buckets.length && value > (buckets[bucket] as number)) bucket++
      ;(counts[bucket] as number)++
      sum += value
    },
    sample: (labels) => ({ labels, counts: [...counts], sum }),
  }
}
