import {
  admitJob,
  callBack,
  type LimitRule,
  leaveLimits,
  type PoolKeys,
  type Quota,
  readQuotas,
  type Task,
  tenantLot,
} from '@millrace/shared'
import { Parked } from '../policies/parked.ts'
import type { Attempt } from './attempt.ts'
import type { Gate } from './gates.ts'
import type { Broker } from './room.ts'

/** Who waits for time to pass is called back in steps no finer than this part of the limit's time: at most 2 % are lost. */
const STEPS = 50
const SHORTEST_STEP_MS = 5

/** The limits of the fleet, as one worker keeps them. Only jobs that have one cost a call. */
export interface FleetLimits {
  readonly gate: Gate
  /** Reads the quotas of the tenants. */
  look(): Promise<void>
  stop(): void
}

export function createLimits(client: Broker, keys: PoolKeys): FleetLimits {
  const entered = new WeakMap<Attempt, readonly LimitRule[]>()
  const timers = new Map<string, NodeJS.Timeout>()
  let quotas: ReadonlyMap<string, Quota> = new Map()
  let stopped = false

  /** Calls back from the lot when there is room: every worker that put a job there does, so that one of them lives. */
  function callLater(lot: string, waitMs: number, perMs: number): void {
    if (waitMs === 0 || stopped || timers.has(lot)) return
    const timer = setTimeout(
      async () => {
        timers.delete(lot)
        const next = await callBack(client, keys, lot).catch(() => ({ waitMs: perMs }))
        callLater(lot, next.waitMs, perMs)
      },
      Math.max(waitMs, perMs / STEPS, SHORTEST_STEP_MS),
    )
    timer.unref()
    timers.set(lot, timer)
  }

  async function ask(attempt: Attempt, rules: readonly LimitRule[]): Promise<Parked | undefined> {
    const { admitted, lot, waitMs, why } = await admitJob(client, keys, attempt, rules)
    callLater(lot, waitMs, rules.find((rule) => rule.lot === lot)?.perMs ?? 0)
    if (!admitted) return new Parked('MILLRACE_LIMIT_REACHED', { lot, why, delayMs: 1, done: true })
    entered.set(attempt, rules)
    return undefined
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
        if (rules) leaveLimits(client, keys, attempt, rules).catch(() => {}) // its lock ends, and the sweeper sees that
      },
    },
    async look() {
      quotas = await readQuotas(client, keys)
    },
    stop() {
      stopped = true
      for (const timer of timers.values()) clearTimeout(timer)
    },
  }
}

const NONE: readonly LimitRule[] = []

function rulesOf({ name, limit, concurrency }: Task, tenant = '', active?: number): readonly LimitRule[] {
  if (!limit && concurrency === undefined && active === undefined) return NONE
  return [
    ...(limit ? [{ lot: `limit/${name}`, max: limit.max, perMs: limit.perMs }] : []),
    ...(concurrency === undefined ? [] : [{ lot: `slots/${name}`, max: concurrency, perMs: 0 }]),
    ...(active === undefined ? [] : [{ lot: tenantLot(tenant), max: active, perMs: 0 }]),
  ]
}
