import {
  admitJob,
  callBack,
  type LaterCall,
  type LimitRule,
  leaveLimits,
  type PoolKeys,
  type Quota,
  readQuotas,
  type Task,
  tenantLot,
} from '@millrace/shared'
import type { Attempt } from '../attempt/attempt.ts'
import type { Gate } from '../attempt/gates.ts'
import type { Broker } from '../attempt/room.ts'
import { Parked } from '../policies/parked.ts'

/** Who waits for time to pass is called back in steps no finer than this part of the limit's time: at most 2 % are lost. */
const STEPS = 50
const SHORTEST_STEP_MS = 5
/** When Redis cannot be asked, it is asked again after so long. */
const FAILED_MS = 1_000

/** The limits of the fleet, as one worker keeps them. Only jobs that have one cost a call. */
export interface FleetLimits {
  readonly gate: Gate
  /** Reads the quotas of the tenants. */
  look(): Promise<void>
  stop(): void
}

export function createLimits(client: Broker, keys: PoolKeys): FleetLimits {
  const entered = new WeakMap<Attempt, readonly LimitRule[]>()
  const timers = new Map<string, { readonly timer: NodeJS.Timeout; readonly dueMonoMs: number }>()
  let quotas: ReadonlyMap<string, Quota> = new Map()
  let stopped = false

  /** Calls back from a lot when there is room: every worker that has heard of it does, so that one of them lives. */
  function callLater({ lot, afterMs }: LaterCall, stepMs: number): void {
    if (afterMs === 0 || stopped) return
    const delayMs = Math.max(afterMs, stepMs)
    const dueMonoMs = performance.now() + delayMs
    const planned = timers.get(lot)
    if (planned && planned.dueMonoMs <= dueMonoMs) return
    clearTimeout(planned?.timer)
    const timer = setTimeout(async () => {
      timers.delete(lot)
      const next = await callBack(client, keys, lot).catch(() => ({ afterMs: FAILED_MS }))
      callLater({ lot, afterMs: next.afterMs }, stepMs)
    }, delayMs)
    timer.unref()
    timers.set(lot, { timer, dueMonoMs })
  }

  function callAllLater(calls: readonly LaterCall[], rules: readonly LimitRule[]): void {
    for (const call of calls) {
      const rate = rules.find(({ lot }) => lot === call.lot)?.rate
      callLater(call, Math.max(SHORTEST_STEP_MS, (rate?.perMs ?? 0) / STEPS))
    }
  }

  async function ask(attempt: Attempt, rules: readonly LimitRule[]): Promise<Parked | undefined> {
    const { admitted, lot, why, calls } = await admitJob(client, keys, attempt, rules)
    callAllLater(calls, rules)
    if (!admitted) return new Parked('MILLRACE_LIMIT_REACHED', { lot, why, delayMs: 1, done: true })
    entered.set(attempt, rules)
    return undefined
  }

  async function leave(attempt: Attempt, rules: readonly LimitRule[]): Promise<void> {
    callAllLater(await leaveLimits(client, keys, attempt, rules), rules)
  }

  return {
    gate: {
      admit(attempt, task) {
        const { tenant } = attempt.job.data
        const rules = rulesOf(task, tenant, tenant === undefined ? undefined : quotas.get(tenant)?.active)
        // one that fans out runs no handler: what it becomes is counted
        if (rules.length === 0 || attempt.job.data.foreach !== undefined) return undefined
        return ask(attempt, rules)
      },
      leave(attempt) {
        const rules = entered.get(attempt)
        if (rules) leave(attempt, rules).catch(() => {}) // its lock ends, and the sweeper sees that
      },
    },
    async look() {
      quotas = await readQuotas(client, keys)
    },
    stop() {
      stopped = true
      for (const { timer } of timers.values()) clearTimeout(timer)
    },
  }
}

const NONE: readonly LimitRule[] = []

function rulesOf({ name, limit, concurrency }: Task, tenant = '', active?: number): readonly LimitRule[] {
  if (!limit && concurrency === undefined && active === undefined) return NONE
  const lot = limit ? `limit/${name}` : `slots/${name}`
  return [
    ...(limit || concurrency !== undefined ? [{ lot, slots: concurrency, rate: limit }] : []),
    ...(active === undefined ? [] : [{ lot: tenantLot(tenant), slots: active }]),
  ]
}
