import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from '@millrace/producer'

const ORDERS_EVERY_MS = 200
const REPLAY_EVERY = 10

const order = {
  name: 'order',
  deadline: '1h',
  jobs: {
    pick: { task: 'shop.pick' },
    quote: { task: 'shop.quote' },
    parcels: { task: 'shop.parcels', needs: 'pick' },
    ...Object.fromEntries([1, 2, 3].map((n) => [`print${n}`, { task: 'shop.print', needs: 'parcels' }])),
    label1: { task: 'shop.label', needs: 'quote' },
    label2: { task: 'shop.label', needs: 'quote' },
  },
} as const

/** Its first job dies, its second is skipped. */
const unpaid = {
  name: 'unpaid',
  jobs: { invoice: { task: 'shop.invoice' }, remind: { task: 'shop.pick', needs: 'invoice' } },
} as const

/** What happens once: a breaker opens, a lock is lost, a workflow is cancelled, a queue is nearly full. */
export async function beginLoad(producer: Producer): Promise<void> {
  const many = (count: number, job: { task: string; queue?: string; delay?: string }) =>
    Object.fromEntries(Array.from({ length: count }, (_, index) => [`job${index}`, job]))
  await producer.submit({ name: 'charges', jobs: many(8, { task: 'shop.charge' }) })
  await producer.submit({ name: 'count', jobs: { count: { task: 'shop.count' } } })
  await producer.submit({ name: 'later', jobs: many(9, { task: 'shop.pick', queue: 'bulk', delay: '1h' }) })
  await producer.queues.setCapacity('bulk', 10)
  const { id } = await producer.submit({ name: 'given-up', jobs: many(2, { task: 'shop.pick', delay: '1h' }) })
  await producer.cancel(id)
  await producer.schedules.add('orders', { workflow: order, everyMs: 1_000 })
}

/** What goes on: orders that succeed, some that fail, and replays of those. */
export function keepOrdering(producer: Producer): { end(): Promise<void> } {
  let ending = false
  async function run() {
    for (let turn = 1; !ending; turn++) {
      await producer.submit(order)
      await producer.submit(unpaid)
      if (turn % REPLAY_EVERY === 0) {
        const { letters } = await producer.deadLetters.query({}, { limit: 2 })
        await producer.deadLetters.replay({ ids: letters.map(({ id }) => id) })
      }
      await sleep(ORDERS_EVERY_MS)
    }
  }
  const running = run()
  return {
    async end() {
      ending = true
      await running
    },
  }
}
