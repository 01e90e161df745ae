import { TaskError } from '@millrace/shared'
import { defineTask } from '@millrace/worker'
import { Redis } from 'ioredis'
import { z } from 'zod'

const { CHAOS_REDIS = 'redis://127.0.0.1:6379', CHAOS_HISTORY = 'history' } = process.env
const history = new Redis(CHAOS_REDIS, { maxRetriesPerRequest: null, lazyConnect: true })

/** Works for a moment, and notes in a list what it saw: the history that the checker reads. */
export default defineTask(
  {
    name: 'chaos.work',
    input: z.object({ ms: z.number(), fails: z.boolean() }),
    retry: { attempts: 2, delay: 10, maxDelay: 50 },
  },
  async ({ ms, fails }, ctx) => {
    await history.rpush(CHAOS_HISTORY, `start ${ctx.job.name}`)
    // the output of every need is its name: one that is missing was not recorded when this job was released
    for (const [need, output] of Object.entries(ctx.needs)) {
      if (output !== need) await history.rpush(CHAOS_HISTORY, `early ${ctx.job.name} before ${need}`)
    }
    await new Promise((resolve) => setTimeout(resolve, ms))
    if (fails) throw new TaskError('CHAOS', `${ctx.job.name} fails`)
    await history.rpush(CHAOS_HISTORY, `end ${ctx.job.name}`)
    return ctx.job.name
  },
)
