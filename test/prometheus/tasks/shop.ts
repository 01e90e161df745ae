// A shop in which everything happens that a series counts.
import { setTimeout as sleep } from 'node:timers/promises'
import { TaskError } from '@millrace/shared'
import { defineResource, defineTask } from '@millrace/worker'

export const bank = defineResource('bank', { breaker: { failures: 3 } })
export const printer = defineResource('printer', { bulkhead: 1 })

export const pick = defineTask({ name: 'shop.pick' }, () => sleep(20))

export const quote = defineTask({ name: 'shop.quote', cache: { ttl: '1h' } }, () => 7)

export const print = defineTask({ name: 'shop.print', uses: ['printer'] }, () => sleep(20))

/** Fails the first time. */
export const label = defineTask({ name: 'shop.label', retry: { attempts: 2, delay: '10ms' } }, (_, { attempt }) => {
  if (attempt === 1) throw new TaskError('NO_PAPER', 'the tray is empty')
})

/** Never succeeds. */
export const invoice = defineTask({ name: 'shop.invoice', retry: 1 }, () => {
  throw new TaskError('NO_ADDRESS', 'nobody knows where to send it')
})

/** Finds the bank closed, so that its breaker opens. */
export const charge = defineTask({ name: 'shop.charge', uses: ['bank'], retry: 5 }, () => {
  throw Object.assign(new Error('the bank is closed'), { status: 502 })
})

export const parcels = defineTask({ name: 'shop.parcels' }, (_, ctx) =>
  ctx.spawn({ one: { task: 'shop.pick' }, two: { task: 'shop.pick' } }),
)

/** Holds the event loop, the first time, for longer than a lock lasts: its worker loses the job, another one finds it. */
export const count = defineTask({ name: 'shop.count' }, async (_, { fencingToken, signal }) => {
  if (fencingToken > 1) return
  for (const until = Date.now() + 3_000; Date.now() < until; );
  await sleep(20_000, undefined, { signal })
})
