import { setTimeout as sleep } from 'node:timers/promises'
import { ERRORS, type Logger, type PoolKeys, readWorkers, unparkJobs } from '@millrace/shared'
import type { Attempt } from '../attempt/attempt.ts'
import type { Gate } from '../attempt/gates.ts'
import type { Outcome } from '../attempt/outcome.ts'
import type { Broker } from '../attempt/room.ts'
import { Parked } from '../policies/parked.ts'
import { afterFailure, isSuspicious, judge, mayTry, type TaskHealth, tried, untold } from './task-health.ts'

export interface HealthOptions {
  readonly client: Broker
  readonly keys: PoolKeys
  /** Of this worker among the heartbeats. */
  readonly workerId: string
  readonly log: Pick<Logger, 'info' | 'warn' | 'debug'>
  /** Called when something was learned that others should hear before the next heartbeat. */
  readonly news: () => void
}

/** Which tasks fail here and succeed elsewhere, and the gate that leaves their jobs to others. */
export interface Health {
  readonly gate: Gate
  ended(attempt: Attempt, outcome: Outcome): void
  /** Asks how others do; called with every heartbeat. Nothing to ask costs nothing. */
  review(): Promise<void>
  /** Tasks that succeeded here lately, and have not failed again and again since → when, the last time. */
  succeeded(): Readonly<Record<string, number>>
  unhealthy(): readonly { readonly task: string; readonly since: number }[]
}

/** A success counts for so long. */
const RECENT_MS = 60_000
/** An idle worker would take what it just put aside, again and again: each time costs it a slot for so long. */
const HOLD_MS = 100
/** How others do is asked again after so long, while jobs are left to them: it takes the heartbeats of all workers. */
const REVIEW_EVERY_MS = 1_000
/** Put aside for between one and two of these: another worker should have it first. */
const DELAY_MS = 500

export function watchHealth({ client, keys, workerId, log, news }: HealthOptions): Health {
  const states = new Map<string, TaskHealth>()
  const successes = new Map<string, number>()
  let reviewing: Promise<void> | undefined
  let reviewedMonoMs = 0

  function set(task: string, health: TaskHealth | undefined): void {
    const before = states.get(task)
    if (health) states.set(task, health)
    else states.delete(task)
    if (health?.state === 'unhealthy' && before?.state !== 'unhealthy') {
      log.warn({ task }, 'the task fails here and succeeds on other workers: its jobs are left to them')
      news()
    }
    if (before?.state === 'unhealthy' && health?.state !== 'unhealthy') {
      log.info({ task, ms: Date.now() - before.since }, 'jobs of the task are taken again')
      news()
      void unparkJobs(client, keys, lotOf(task)).catch(() => {}) // they come back by themselves
    }
  }

  async function ask(): Promise<void> {
    const now = Date.now()
    const others = (await readWorkers(client, keys)).filter(({ id }) => id !== workerId)
    const elsewhere = (task: string) =>
      others.some(({ succeeded, unhealthy }) => {
        return now - (succeeded[task] ?? 0) < RECENT_MS && !unhealthy.some((one) => one.task === task)
      })
    for (const [task, health] of states) set(task, judge(health, elsewhere(task), now))
  }

  function review(): Promise<void> {
    const anything = [...states.values()].some((health) => health.state === 'unhealthy' || isSuspicious(health))
    if (!anything) return Promise.resolve()
    reviewedMonoMs = performance.now()
    reviewing ??= ask()
      .catch((error) => log.debug({ err: error }, 'how other workers do could not be read')) // the next time will do
      .finally(() => {
        reviewing = undefined
      })
    return reviewing
  }

  async function leaveToOthers(task: string): Promise<Parked | undefined> {
    // as long as others do better: what makes it fail here may have reached them too
    if (performance.now() - reviewedMonoMs > REVIEW_EVERY_MS) void review()
    await sleep(HOLD_MS, undefined, { ref: false })
    if (states.get(task)?.state !== 'unhealthy') return undefined // it has recovered meanwhile
    return new Parked('MILLRACE_WORKER_UNHEALTHY', {
      lot: lotOf(task),
      delayMs: DELAY_MS * (1 + Math.random()),
      why: `the task ${task} fails on one worker and succeeds on others: it is left to them`,
    })
  }

  return {
    gate: {
      admit({ job }, { name }) {
        const health = states.size === 0 ? undefined : states.get(name)
        if (health?.state !== 'unhealthy') return undefined
        if (!mayTry(health, Date.now())) return leaveToOthers(name)
        set(name, tried(health, job.id as string))
        log.info({ task: name }, 'a job of the task is tried again')
        return undefined
      },
      leave({ job }) {
        const health = states.size === 0 ? undefined : states.get(job.name)
        if (health) set(job.name, untold(health, job.id as string))
      },
    },
    ended({ job }, outcome) {
      const now = Date.now()
      if (outcome.kind !== 'failed') {
        const last = successes.get(job.name)
        successes.set(job.name, now)
        if (states.size > 0) set(job.name, undefined)
        if (last === undefined || now - last > RECENT_MS) news()
      } else if (isTheTasks(outcome)) {
        const health = afterFailure(states.get(job.name), job.id as string, now)
        set(job.name, health)
        if (!isSuspicious(health)) return
        if (successes.delete(job.name)) news() // others must not think that it still succeeds here
        void review()
      }
    },
    review,
    succeeded() {
      const now = Date.now()
      for (const [task, at] of successes) if (now - at > RECENT_MS) successes.delete(task)
      return Object.fromEntries(successes)
    },
    unhealthy: () =>
      [...states].flatMap(([task, health]) => (health.state === 'unhealthy' ? [{ task, since: health.since }] : [])),
  }
}

const lotOf = (task: string) => `worker/${task}`

/** Whether a failure says something of how the task does here. Its input, and who cancelled it, do not. */
function isTheTasks({ failure: { code, verdict } }: Extract<Outcome, { kind: 'failed' }>): boolean {
  if (verdict !== 'retry' && verdict !== 'bury') return false
  const category = code in ERRORS ? ERRORS[code as keyof typeof ERRORS].category : 'handler'
  return category !== 'input' && category !== 'usage'
}
