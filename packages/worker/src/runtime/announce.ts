import {
  HEARTBEAT_EVERY_MS,
  type Heartbeat,
  type PoolKeys,
  publishHeartbeat,
  withdrawHeartbeat,
} from '@millrace/shared'
import type { Broker } from '../attempt/room.ts'

export interface Announcement {
  /** Publishes soon, instead of at the next heartbeat; calls in quick succession are one. */
  soon(): void
  stop(): Promise<void>
}

const SOON_MS = 250

/** Tells the pool how this worker is, again and again, and takes it back at the end. The first time is done when it resolves. */
export async function announce(
  client: Broker,
  keys: PoolKeys,
  workerId: string,
  heartbeat: () => Heartbeat,
  beaten: () => Promise<void>,
): Promise<Announcement> {
  let timer: NodeJS.Timeout | undefined
  let under: Promise<void> = publishHeartbeat(client, keys, workerId, heartbeat())
  let isSoon = false
  let stopped = false
  await under

  function plan(afterMs: number): void {
    clearTimeout(timer)
    if (stopped) return
    timer = setTimeout(() => {
      isSoon = false
      under = beat().finally(() => isSoon || plan(HEARTBEAT_EVERY_MS))
    }, afterMs)
    timer.unref()
  }
  async function beat(): Promise<void> {
    await publishHeartbeat(client, keys, workerId, heartbeat()).catch(() => {}) // the next one will do
    await beaten()
  }
  plan(HEARTBEAT_EVERY_MS)
  return {
    soon() {
      if (isSoon) return
      isSoon = true
      plan(SOON_MS)
    },
    async stop() {
      stopped = true
      clearTimeout(timer)
      await under
      await withdrawHeartbeat(client, keys, workerId)
    },
  }
}
