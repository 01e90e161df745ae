import type { Logger, PoolKeys, Signals } from '@millrace/shared'
import type { Running } from '../attempt/attempt.ts'
import type { Gate } from '../attempt/gates.ts'
import type { Broker } from '../attempt/room.ts'
import { abortCancelled } from './cancellations.ts'
import { createLimits } from './limits.ts'
import { followOrders } from './orders.ts'
import { createPauses } from './pauses.ts'
import { createSchedules } from './schedules.ts'

/** What people order while jobs run, as one worker obeys it. */
export interface Control {
  /** Keeps out what is paused. */
  readonly pauses: Gate
  /** Keeps out what is more than the limits of the fleet allow. The last gate: it counts what it lets through. */
  readonly limits: Gate
  /** Obeys from now on. */
  follow(signals: Signals): Promise<{ stop(): Promise<void> }>
}

export function createControl(client: Broker, keys: PoolKeys, running: Running, log: Logger, lockMs: number): Control {
  const pauses = createPauses(client, keys)
  const limits = createLimits(client, keys)
  const schedules = createSchedules(client, keys, log, lockMs)
  async function look(): Promise<void> {
    await Promise.all([pauses.look(), limits.look(), schedules.look(), abortCancelled(client, keys, running)])
  }
  return {
    pauses: pauses.gate,
    limits: limits.gate,
    async follow(signals) {
      const orders = await followOrders({ client, keys, signals, look })
      return {
        async stop() {
          orders.stop()
          limits.stop()
          await schedules.stop()
        },
      }
    },
  }
}
