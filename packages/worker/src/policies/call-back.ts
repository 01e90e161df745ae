import { callWaiting, type PoolKeys, readLots } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Guard } from './guard.ts'

/** Jobs called at once where no bulkhead says how many can run; with every look as many again. */
const PAGE = 200

/** Calls jobs back that were put aside, as many as can run. */
export interface CallBack {
  /** Jobs that wait for this guard; gives how many were called. */
  waiting(name: string, most: number): Promise<number>
  /** Jobs of a breaker that is closed now. */
  afterClosing(name: string): void
  /** Jobs for which nobody called: of workers that died, or put aside while the last slot was being left. */
  forgotten(): Promise<void>
}

export function createCallBack(client: Redis, keys: PoolKeys, find: (name: string) => Guard | undefined): CallBack {
  async function waiting(name: string, most: number): Promise<number> {
    // commands for a broker that is away would wait for it; the jobs come back by themselves
    if (client.status !== 'ready' || find(name)?.circuit?.opening) return 0
    return callWaiting(client, keys, name, most).catch(() => 0)
  }
  return {
    waiting,
    afterClosing(name) {
      const bulkhead = find(name)?.bulkhead
      if (bulkhead) bulkhead.refill()
      else void waiting(name, PAGE)
    },
    async forgotten() {
      if (client.status !== 'ready') return
      for (const { lot } of await readLots(client, keys)) {
        const name = /^bulkhead\/(.+)$/.exec(lot)?.[1]
        if (name) find(name)?.bulkhead?.refill()
      }
    },
  }
}
