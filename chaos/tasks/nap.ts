import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'

/** Sleeps, and notes nothing: a soak must not grow by its own history. */
export default defineTask({ name: 'chaos.nap', input: z.object({ ms: z.number() }) }, async ({ ms }, { signal }) => {
  await sleep(ms, undefined, { signal })
  return { sleptMs: ms }
})
