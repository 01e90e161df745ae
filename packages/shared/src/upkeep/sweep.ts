import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Redis } from 'ioredis'
import type { Logger } from 'pino'
import { finishResumes } from '../control/finish-resumes.ts'
import { mendBriefs } from '../dead-letters/briefs/mend-briefs.ts'
import { replayDeadLetter } from '../dead-letters/replay.ts'
import { cancelWorkflow } from '../engine/cancel.ts'
import { workOffResidue } from '../engine/residue.ts'
import { callBackAll } from '../limits/call-back.ts'
import { tidyLots } from '../parking/tidy.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { enforceRetention } from '../retention/enforce.ts'
import { purgeWorkflow } from './purge.ts'
import { rebase } from './rebase.ts'
import { reconcile } from './reconcile.ts'

export interface SweepOptions {
  readonly client: Redis
  readonly keys: PoolKeys
  readonly log: Pick<Logger, 'warn' | 'error'>
  /** Default 5 s. */
  readonly everyMs?: number
  /** A workflow that nobody has touched for so long while loading lost its producer. Default 60 s. */
  readonly loadingMs?: number
  /** How long a workflow is kept after its end; one that failed, also as long as it has dead letters. Default 7 days. */
  readonly keepMs?: number
  /** Every so many sweeps the reconciler walks all waiting jobs. Default 12: once a minute. */
  readonly reconcileEvery?: number
}

const DAY_MS = 86_400_000
/** Workflows looked at by one sweep, per state. */
const PAGE = 100

/** What one sweep finished for somebody who could not. */
export interface Swept {
  readonly residue: number
  readonly cancels: number
  /** Workflows cancelled because their deadline had passed. */
  readonly late: number
  readonly replays: number
  /** Jobs called back from what was resumed. */
  readonly resumed: number
  /** Jobs called back to places of attempts that vanished. */
  readonly called: number
  readonly loading: number
  readonly purged: number
  /** Dead letters that were not kept any longer. */
  readonly expired: number
}

/**
 * Finishes once what others began and could not end, because they crashed in the middle: dependents not yet informed,
 * workflows half cancelled, replays half done, workflows half loaded. Removes what has been kept long enough.
 */
export async function sweepOnce(options: SweepOptions, now: number = Date.now()): Promise<Swept> {
  const { client, keys, loadingMs = 60_000, keepMs = 7 * DAY_MS } = options
  const residue = await client.llen(keys.residue)
  if (residue > 0) await workOffResidue(client, keys)
  const cancels = await client.smembers(keys.cancels)
  for (const id of cancels) await cancelWorkflow(client, keys, id)
  const late = await cancelLate(client, keys, now)
  const replays = await client.smembers(keys.replays)
  for (const id of replays) await replayDeadLetter(client, keys, id)
  const resumed = await finishResumes(client, keys, now)
  const called = await callBackAll(client, keys)

  await rebase(client, keys, now)

  const purge = async (state: string, before: number) => {
    let removed = 0
    for (const id of await client.zrange(keys.index(state), '0', `${PAGE - 1}`)) {
      if (await purgeWorkflow(client, keys, id, before)) removed++
    }
    return removed
  }
  const loading = await purge('loading', now - loadingMs)
  const ended = (await purge('succeeded', now - keepMs)) + (await purge('cancelled', now - keepMs))
  const { letters: expired, workflows } = await enforceRetention(client, keys, now - keepMs, now)
  const purged = ended + workflows
  return { residue, cancels: cancels.length, late, replays: replays.length, resumed, called, loading, purged, expired }
}

/** Cancels what has not ended by its deadline; gives how many there were. */
async function cancelLate(client: Redis, keys: PoolKeys, now: number): Promise<number> {
  const due = await client.zrangebyscore(keys.deadlines, '-inf', now, 'LIMIT', 0, PAGE)
  let late = 0
  for (const id of due) {
    const state = await client.hget(keys.workflow(id), 'state')
    if (state === 'running' || state === 'loading') {
      await cancelWorkflow(client, keys, id)
      late++
    }
    await client.zrem(keys.deadlines, id)
  }
  return late
}

/**
 * Sweeps and reconciles for as long as the process lives. Every worker runs this; a lease lets one of them work at a time.
 */
export function sweepPool(options: SweepOptions): { stop(): Promise<void> } {
  const { client, keys, log, everyMs = 5_000, reconcileEvery = 12 } = options
  const me = randomUUID()
  const stopping = new AbortController()

  async function holdsLease(): Promise<boolean> {
    const taken = await client.set(keys.sweeperLease, me, 'PX', everyMs * 3, 'NX')
    if (taken) return true
    if ((await client.get(keys.sweeperLease)) !== me) return false
    await client.pexpire(keys.sweeperLease, everyMs * 3)
    return true
  }

  async function run(): Promise<void> {
    let hasLooked = false
    for (let turn = 1; !stopping.signal.aborted; turn++) {
      try {
        if (await holdsLease()) {
          await report('swept', { ...(await sweepOnce(options)), called: 0, purged: 0, expired: 0 })
          if (turn % reconcileEvery === 0) {
            const pause = () => sleep(20, undefined, { signal: stopping.signal }).catch(() => {})
            await report('mended', { ...(await reconcile(client, keys, { pause })) })
            await tidyLots(client, keys)
            await mendBriefs(client, keys, { whole: !hasLooked })
            hasLooked = true
          }
        }
      } catch (error) {
        if (!stopping.signal.aborted) log.error({ err: error }, 'the sweeper could not finish its turn')
      }
      await sleep(everyMs, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
    }
  }

  async function report(verb: 'swept' | 'mended', counts: Record<string, number>): Promise<void> {
    const found = Object.entries(counts).filter(([, count]) => count > 0)
    for (const [kind, count] of found) await client.hincrby(keys.mended, kind, count)
    if (found.length > 0) log.warn(Object.fromEntries(found), `${verb} what others could not end`)
  }

  const running = run()
  return {
    stop: async () => {
      stopping.abort()
      await running
    },
  }
}
