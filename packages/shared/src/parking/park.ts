import type { Redis } from 'ioredis'
import type { LockedJob } from '../engine/spawn.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const parkScript = readScript<number>(new URL('./park.lua', import.meta.url))

/** Why a job may not start now, and when it is looked at again. */
export interface Parking {
  /** What it waits for: `<kind>/<name>`, e.g. `breaker/stripe` or `task/log.parse`. */
  readonly lot: string
  /** It comes back by itself after so long, whoever forgets to call it; at least 1. */
  readonly delayMs: number
  /** For people, e.g. `the breaker of "stripe" is open until 12:04:31`. */
  readonly why: string
  /** True when a script has put it aside already: nothing is left to do. */
  readonly done?: boolean
}

/**
 * Puts a job that may not start now aside: it goes back to its queue delayed and spends no attempt. The caller then throws
 * BullMQ's `WaitingError`, which leaves the job alone.
 *
 * @throws MillraceError MILLRACE_CANCELLED when its workflow was cancelled: end it; MILLRACE_LOCK_LOST when the job is no
 *   longer ours.
 */
export async function parkJob(
  client: Redis,
  keys: PoolKeys,
  { job, token }: LockedJob,
  { lot, delayMs, why }: Parking,
  now: () => number = Date.now,
): Promise<void> {
  const queue = job.queueName
  const id = job.id as string
  const code = await parkScript(
    client,
    [...parkingKeys(keys, queue, id), keys.lots],
    [
      keys.queue(queue, ''),
      now(),
      id,
      token,
      Math.max(1, Math.round(delayMs)),
      lot,
      `${queue}:${id}`,
      why,
      keys.lot(''),
    ],
  )
  refuseParking(code, id)
}

/** Keys of a queue and a job of it as BullMQ's `moveToDelayed` takes them. */
export function parkingKeys(keys: PoolKeys, queue: string, id: string): string[] {
  const of = (type: string) => keys.queue(queue, type)
  return [
    ...['marker', 'active', 'prioritized', 'delayed'].map(of),
    keys.job(queue, id),
    ...['events', 'meta', 'stalled', 'wait', 'limiter', 'pc'].map(of),
  ]
}

/** @throws MillraceError when a script could not put a job aside. */
export function refuseParking(code: number, id: string): void {
  if (code === -7) throw new MillraceError('MILLRACE_CANCELLED', `The workflow of job ${id} was cancelled.`)
  if (code < 0) {
    throw new MillraceError('MILLRACE_LOCK_LOST', `Job ${id} is no longer ours: its lock expired or was taken.`)
  }
}
