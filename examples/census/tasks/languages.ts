import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { countLanguages } from '../census/languages.ts'
import { MeasuredChunk, readMeasurements } from '../census/measurements.ts'

/** Files, lines and bytes by language. */
export default defineTask(
  {
    name: 'census.languages',
    description: 'Counts files, lines and bytes by language.',
    input: z.object({ measured: z.array(MeasuredChunk) }),
  },
  async ({ measured }) => countLanguages(await readMeasurements(measured)),
)
