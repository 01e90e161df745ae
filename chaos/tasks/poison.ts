import { defineTask } from '@millrace/worker'
import { note } from '../history/file.ts'

/** Takes its worker down with it, as an out-of-memory kill does: nothing in the process hears of it. */
export default defineTask({ name: 'chaos.poison' }, (_, ctx) => {
  const entry = { kind: 'started', job: ctx.job.id, token: ctx.fencingToken, pid: process.pid, at: Date.now() } as const
  note(process.env['CHAOS_HISTORY'] as string, { ...entry, saw: {} })
  process.kill(process.pid, 'SIGKILL')
})
