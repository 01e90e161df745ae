import { readFileSync } from 'node:fs'
import { TaskError } from '@millrace/shared'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import type { Entry, Output } from '../history/entry.ts'
import { note } from '../history/file.ts'

/** Talks to a service that is broken for so many in a hundred of its jobs as the file of the scenario says at the moment. */
export default defineTask(
  { name: 'chaos.mended', input: z.object({ number: z.number() }), retry: 1 },
  async ({ number }, ctx): Promise<Output> => {
    const write = (kind: Entry['kind']) =>
      note(process.env['CHAOS_HISTORY'] as string, {
        ...{ kind, job: ctx.job.id, token: ctx.fencingToken, pid: process.pid, at: Date.now() },
      })
    write('started')
    const broken = number % 100 < Number(readFileSync(process.env['CHAOS_BROKEN'] as string, 'utf8'))
    write(broken ? 'threw' : 'returned')
    if (broken) throw new TaskError('CHAOS_BROKEN', 'the service is broken', { retryable: false })
    return { job: ctx.job.name, token: ctx.fencingToken }
  },
)
