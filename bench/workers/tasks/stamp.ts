import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { addSample, countRun, machineMs } from '../tally.ts'

/** Notes how long ago it was added. */
export default defineTask({ name: 'bench.stamp', input: z.object({ addedMs: z.number() }) }, ({ addedMs }) => {
  addSample('latency', machineMs() - addedMs)
  countRun()
})
