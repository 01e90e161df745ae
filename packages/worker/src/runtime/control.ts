import type { PoolKeys, Signals } from '@millrace/shared'
import type { Running } from './attempt.ts'
import { abortCancelled } from './cancellations.ts'
import type { Gate } from './gates.ts'
import { followOrders } from './orders.ts'
import { createPauses } from './pauses.ts'
import type { Broker } from './room.ts'

/** What people order while jobs run, as one worker obeys it. */
export interface Control {
  /** In the order in which a job meets them. */
  readonly gates: readonly Gate[]
  /** Obeys from now on. */
  follow(signals: Signals): Promise<{ stop(): void }>
}

export function createControl(client: Broker, keys: PoolKeys, running: Running): Control {
  const pauses = createPauses(client, keys)
  async function look(): Promise<void> {
    await Promise.all([pauses.look(), abortCancelled(client, keys, running)])
  }
  return {
    gates: [pauses.gate],
    follow: (signals) => followOrders({ client, keys, signals, look }),
  }
}
