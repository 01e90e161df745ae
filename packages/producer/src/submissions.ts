import { createHistogram, MillraceError, type SampleSource, SERIES } from '@millrace/shared'

/** What a producer counts of its calls of submit. */
export interface Submissions {
  /** Runs one and counts how it ended. */
  count<T extends { readonly created: boolean }>(submit: () => Promise<T>): Promise<T>
  readonly samples: SampleSource
}

export function countSubmissions(): Submissions {
  const outcomes = { created: 0, known: 0, refused: 0, failed: 0 }
  const seconds = createHistogram(SERIES.submitSeconds.buckets)
  return {
    async count(submit) {
      const beganMonoMs = performance.now()
      try {
        const submitted = await submit()
        outcomes[submitted.created ? 'created' : 'known']++
        return submitted
      } catch (error) {
        const refused = error instanceof MillraceError && error.code !== 'MILLRACE_BROKER_UNREACHABLE'
        outcomes[refused ? 'refused' : 'failed']++
        throw error
      } finally {
        seconds.observe((performance.now() - beganMonoMs) / 1_000)
      }
    },
    samples: () => ({
      submissions: Object.entries(outcomes).map(([outcome, value]) => ({ labels: { outcome }, value })),
      submitSeconds: [seconds.sample({})],
    }),
  }
}
