import { defineTask } from '@millrace/worker'
import { z } from 'zod'

/** Cuts the work into parts: one job each. */
export default defineTask(
  { name: 'spread.cut', input: z.object({ parts: z.number().int().min(1).max(5_000) }) },
  ({ parts }) => Array.from({ length: parts }, (_, index) => index),
)
