import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { findLargest } from '../census/largest.ts'
import { MeasuredChunk, readMeasurements } from '../census/measurements.ts'

/** The largest files, and how sizes are distributed. */
export default defineTask(
  {
    name: 'census.largest',
    description: 'Finds the largest files and how sizes are distributed.',
    input: z.object({ measured: z.array(MeasuredChunk) }),
  },
  async ({ measured }) => findLargest(await readMeasurements(measured)),
)
