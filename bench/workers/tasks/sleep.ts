import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import { countRun } from '../tally.ts'

/** Waits as something outside would make it wait. */
export default defineTask({ name: 'bench.sleep', input: z.object({ ms: z.number() }) }, async ({ ms }) => {
  countRun()
  await sleep(ms)
})
