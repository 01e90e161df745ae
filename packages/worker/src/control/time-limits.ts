import { setTimeout as sleep } from 'node:timers/promises'
import {
  type Logger,
  type PoolKeys,
  readEstimates,
  readTimeLimits,
  recordTimeLimit,
  type Signals,
  type Task,
} from '@millrace/shared'
import type { Broker } from '../attempt/room.ts'
import { decideLimit, limitOf, type TimeLimit } from '../policies/adaptive-timeout.ts'

/** How often a worker looks at what was measured; a limit that was set by hand is announced and needs no look. */
const LOOK_EVERY_MS = 10_000

export interface TimeLimits {
  /**
   * The limit of one attempt, in milliseconds.
   *
   * @param ofJob what the job itself says; it goes before everything else.
   * @param attempt 1 for the first.
   */
  of(task: Task, ofJob: number | undefined, attempt: number): number
  /** Decides all limits anew, and follows what changes until it is stopped. */
  follow(signals: Signals): Promise<{ stop(): Promise<void> }>
}

/** The time limits of a worker's tasks. Until it has looked for the first time they are what the tasks themselves say. */
export function createTimeLimits(client: Broker, keys: PoolKeys, tasks: readonly Task[], log: Logger): TimeLimits {
  const decided = new Map<string, TimeLimit>(tasks.map((task) => [task.name, decideLimit({ task })]))

  async function decideAll(): Promise<void> {
    const [estimates, { limits, byHandMs }] = await Promise.all([
      readEstimates(client, keys),
      readTimeLimits(client, keys),
    ])
    for (const task of tasks) {
      const { name } = task
      const before = limits.get(name)
      const limit = decideLimit({ task, byHandMs: byHandMs.get(name), measured: estimates.get(name), before })
      decided.set(name, limit)
      if (before?.ms === limit.ms && before.from === limit.from) continue
      await recordTimeLimit(client, keys, name, limit, before)
      if (before) log.info({ task: name, ms: limit.ms, before: before.ms, why: limit.why }, 'the time limit changes')
    }
  }

  return {
    of: ({ name }, ofJob, attempt) => ofJob ?? limitOf(decided.get(name) as TimeLimit, attempt),
    async follow(signals) {
      const stopping = new AbortController()
      const look = () => decideAll().catch(() => {}) // Redis is away: the next look will do
      await decideAll()
      await signals.subscribe(keys.timeLimitChanges, () => void look())
      signals.onReconnect(() => void look())
      async function repeat(): Promise<void> {
        while (!stopping.signal.aborted) {
          await sleep(LOOK_EVERY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
          if (!stopping.signal.aborted) await look()
        }
      }
      const repeating = repeat()
      return {
        stop: () => {
          stopping.abort()
          return repeating
        },
      }
    },
  }
}
