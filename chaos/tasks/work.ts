import { setTimeout as sleep } from 'node:timers/promises'
import { TaskError } from '@millrace/shared'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import type { Entry, Output } from '../history/entry.ts'
import { note } from '../history/file.ts'

/** Works for a moment, and notes what it saw: the history that the checker reads. */
export default defineTask(
  {
    name: 'chaos.work',
    input: z.object({
      /** How long it works: the first attempt, and those after it, in milliseconds. */
      ms: z.union([z.number(), z.tuple([z.number(), z.number()])]),
      fails: z.boolean().default(false),
      /** Stops when its signal is aborted. One that does not tries to change a job that it has lost all the same. */
      polite: z.boolean().default(false),
    }),
    retry: { attempts: 2, delay: 10, maxDelay: 50 },
  },
  async ({ ms, fails, polite }, ctx): Promise<Output> => {
    const own = { job: ctx.job.id, token: ctx.fencingToken, pid: process.pid }
    const write = (entry: Pick<Entry, 'kind' | 'saw' | 'code'>) =>
      note(process.env['CHAOS_HISTORY'] as string, { ...own, at: Date.now(), ...entry })

    const outputs = Object.entries(ctx.needs as Record<string, Output | null>)
    write({
      kind: 'started',
      saw: Object.fromEntries(outputs.flatMap(([need, seen]) => (seen ? [[need, seen.token]] : []))),
    })
    ctx.signal.addEventListener('abort', () => write({ kind: 'aborted', code: ctx.signal.reason.code }))
    const [first, later] = typeof ms === 'number' ? [ms, ms] : ms
    await sleep(ctx.fencingToken === 1 ? first : later, undefined, polite ? { signal: ctx.signal } : {})
    await ctx.progress(ctx.fencingToken)
    write({ kind: fails ? 'threw' : 'returned' })
    if (fails) throw new TaskError('CHAOS', `${ctx.job.name} fails`)
    return { job: ctx.job.name, token: ctx.fencingToken }
  },
)
