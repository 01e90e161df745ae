import { hostname } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'

/** Stands for work: takes its time, and says where it was done. */
export default defineTask(
  { name: 'spread.work', input: z.object({ part: z.number(), ms: z.number().min(0) }) },
  async ({ part, ms }, ctx) => {
    await sleep(ms, undefined, { signal: ctx.signal })
    return { part, host: hostname() }
  },
)
