import { type PoolKeys, readLots, unparkJobs } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Guard } from './guard.ts'

/** Jobs called at once where no bulkhead says how many can run; with every look as many again. */
const PAGE = 500

/** Calls jobs back that were put aside, as many as can run. */
export interface CallBack {
  /** Jobs that wait for a slot of this guard; gives how many there were. */
  waiting(name: string, most: number): Promise<number>
  /** Jobs of a breaker that is closed now. */
  afterClosing(name: string): void
  /** Jobs for which nobody called: of workers that died, or put aside while the last slot was being left. */
  forgotten(): Promise<void>
}

export function createCallBack(client: Redis, keys: PoolKeys, find: (name: string) => Guard | undefined): CallBack {
  // commands for a broker that is away would wait for it; the jobs come back by themselves
  const reachable = () => client.status === 'ready'
  const call = (lot: string, most: number) => unparkJobs(client, keys, lot, most).catch(() => 0)

  return {
    async waiting(name, most) {
      if (!reachable() || find(name)?.circuit?.opening) return 0
      // those that were turned away by a full bulkhead first: they have been called once
      const first = await call(`bulkhead/${name}`, most)
      return first >= most ? first : first + (await call(`breaker/${name}`, most - first))
    },
    afterClosing(name) {
      const bulkhead = find(name)?.bulkhead
      if (bulkhead) bulkhead.refill()
      else if (reachable()) void call(`breaker/${name}`, PAGE)
    },
    async forgotten() {
      if (!reachable()) return
      for (const { lot } of await readLots(client, keys)) {
        const name = /^bulkhead\/(.+)$/.exec(lot)?.[1]
        if (name) find(name)?.bulkhead?.refill()
      }
    },
  }
}
