import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { addSample, countRun, machineMs } from '../tally.ts'

/** Gives the time at which it ended; one that needs another notes how long ago that one ended. */
export default defineTask({ name: 'bench.relay', input: z.number().nullable() }, (endedMs) => {
  if (endedMs !== null) addSample('release', machineMs() - endedMs)
  countRun()
  return machineMs()
})
