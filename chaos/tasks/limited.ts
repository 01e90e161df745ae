import { setTimeout as sleep } from 'node:timers/promises'
import { defineTask } from '@millrace/worker'
import { z } from 'zod'
import type { Entry, Output } from '../history/entry.ts'
import { note } from '../history/file.ts'

/** Begins so often and runs so many times at once in the whole pool; the scenario counts both. */
export const LIMITS = { concurrency: 4, limit: { max: 15, per: '500ms' } } as const

export default defineTask(
  { name: 'chaos.limited', input: z.object({ ms: z.number() }), retry: 1, ...LIMITS },
  async ({ ms }, { job, fencingToken: token }): Promise<Output> => {
    const write = (kind: Entry['kind']) =>
      note(process.env['CHAOS_HISTORY'] as string, { kind, job: job.id, token, pid: process.pid, at: Date.now() })
    write('started')
    await sleep(ms)
    write('returned')
    return { job: job.name, token }
  },
)
