import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import type { PoolKeys } from '../redis/keys.ts'
import { type Settled, stepReplay } from './step.ts'

const STEP_EVERY_MS = 100
/** With no replay there is one cheap look a second; so long may a new one wait. */
const LOOK_EVERY_MS = 1_000
/** A worker that vanished holds the others up for so long. What steps twice does no harm. */
const LEASE_MS = 600
const LEASE_LOOK_MS = 200

/** Moves the paced replays of the pool on. Every worker runs this; a lease lets one of them work at a time. */
export function driveReplays({
  client,
  keys,
  log,
}: {
  readonly client: Redis
  readonly keys: PoolKeys
  readonly log: Pick<Logger, 'warn'>
}): { stop(): Promise<void> } {
  const me = randomUUID()
  const stopping = new AbortController()
  const settled = new Map<string, Settled[]>()

  async function holdsLease(): Promise<boolean> {
    if (await client.set(keys.pacedLease, me, 'PX', LEASE_MS, 'NX')) return true
    if ((await client.get(keys.pacedLease)) !== me) return false
    await client.pexpire(keys.pacedLease, LEASE_MS)
    return true
  }

  /** Gives how long to wait before the next turn. */
  async function turn(): Promise<number> {
    const open = await client.smembers(keys.pacedOpen)
    if (open.length === 0) return LOOK_EVERY_MS
    if (!(await holdsLease())) return LEASE_LOOK_MS
    for (const id of settled.keys()) if (!open.includes(id)) settled.delete(id)
    for (const id of open) settled.set(id, await stepReplay(client, keys, id, settled.get(id)))
    return STEP_EVERY_MS
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const begun = Date.now()
      const waitMs = await turn().catch((error: unknown) => {
        if (!stopping.signal.aborted)
          log.warn({ err: error }, 'a paced replay could not be moved on; it is tried again')
        return LOOK_EVERY_MS
      })
      const restMs = Math.max(0, waitMs - (Date.now() - begun))
      await sleep(restMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
