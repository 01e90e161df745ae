import { setTimeout as sleep } from 'node:timers/promises'
import { defineResource, defineTask } from '@millrace/worker'
import type { Entry } from '../history/entry.ts'
import { note } from '../history/file.ts'

/** A service that will have a bad day. */
export const shop = defineResource('shop', {
  breaker: { failures: 5, halfOpenAfter: '500ms', maxHalfOpenAfter: '10s' },
})

const noter =
  ({ job, fencingToken }: { job: { id: string }; fencingToken: number }) =>
  (kind: Entry['kind']) =>
    note(process.env['CHAOS_HISTORY'] as string, {
      kind,
      job: job.id,
      token: fencingToken,
      pid: process.pid,
      at: Date.now(),
    })

/** Needs the service. */
export const order = defineTask(
  { name: 'shop.order', uses: ['shop'], timeout: '300ms', retry: { attempts: 6, delay: '200ms', maxDelay: '1s' } },
  async (_, ctx) => {
    const write = noter(ctx)
    write('started')
    try {
      const { status } = await fetch(process.env['CHAOS_SERVICE'] as string, { signal: ctx.signal })
      if (status !== 200) throw Object.assign(new Error(`the shop says ${status}`), { status })
      write('returned')
    } catch (error) {
      write('threw')
      throw error
    }
  },
)

/** Does not. */
export const elsewhere = defineTask({ name: 'shop.elsewhere' }, async (_, ctx) => {
  const write = noter(ctx)
  write('started')
  await sleep(10)
  write('returned')
})
