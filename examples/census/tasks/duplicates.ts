import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { findDuplicates } from '../census/duplicates.ts'
import { MeasuredChunk, readMeasurements } from '../census/measurements.ts'

/** Files with the same content. */
export default defineTask(
  {
    name: 'census.duplicates',
    description: 'Finds files with the same content.',
    input: z.object({ measured: z.array(MeasuredChunk) }),
  },
  async ({ measured }) => findDuplicates(await readMeasurements(measured)),
)
