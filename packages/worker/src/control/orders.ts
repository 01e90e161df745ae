import type { PoolKeys, Signals } from '@millrace/shared'
import type { Broker } from '../attempt/room.ts'

/** A message may be lost without anybody noticing: so often the count of orders is compared. One read per worker. */
const COMPARE_EVERY_MS = 1_000
/** So long after an order it is looked again: a job that was just being taken meets it a moment later. */
const LOOK_AGAIN_FOR_MS = 15_000

export interface OrdersOptions {
  readonly client: Broker
  readonly keys: PoolKeys
  readonly signals: Signals
  /** Reads what the orders changed. Called again while it runs, it is run once more afterwards. */
  readonly look: () => Promise<void>
}

/**
 * Orders (pauses, resumes, cancels, quotas) reach a worker at once as messages. A message that is lost is made up for when
 * the connection comes back, and within a second in any case.
 */
export async function followOrders({ client, keys, signals, look }: OrdersOptions) {
  let seen: string | null = null
  let againUntilMonoMs = 0
  let looking: Promise<void> | undefined
  let onceMore = false

  async function lookNow(): Promise<void> {
    if (looking) {
      onceMore = true
      return looking
    }
    looking = (async () => {
      do {
        onceMore = false
        await look()
      } while (onceMore)
    })()
    try {
      await looking
    } finally {
      looking = undefined
    }
  }

  async function compare(): Promise<void> {
    const orders = await client.get(keys.orders)
    if (orders !== seen) againUntilMonoMs = performance.now() + LOOK_AGAIN_FOR_MS
    seen = orders
    if (performance.now() < againUntilMonoMs) await lookNow()
  }

  const soon = () => void lookNow().catch(() => {}) // the comparison will do
  await signals.subscribe(keys.orders, soon)
  signals.onReconnect(soon)
  seen = await client.get(keys.orders)
  await lookNow()
  let comparing = false
  const timer = setInterval(() => {
    if (comparing) return // Redis is away: one question is enough
    comparing = true
    compare()
      .catch(() => {})
      .finally(() => {
        comparing = false
      })
  }, COMPARE_EVERY_MS)
  timer.unref()
  return { stop: () => clearInterval(timer) }
}
