import { type Logger, MillraceError, type PoolKeys, runSchedule, SCHEDULES, type Schedule } from '@millrace/shared'
import { Worker } from 'bullmq'
import type { Broker } from '../attempt/room.ts'
import { reportErrors } from '../observability/report-errors.ts'

/** A run for which the pool has no room is tried again after so long, as often as the schedule says: for ten minutes. */
const AGAIN_AFTER_MS = 30_000
/** A run may lose its worker as often as it likes: it is the same workflow every time. */
const MAX_STALLS = 1_000

export interface Schedules {
  /** Begins to run what is due once there is a schedule; a pool without any costs a worker nothing. */
  look(): Promise<void>
  stop(): Promise<void>
}

/** Runs the schedules of the pool beside its jobs; every worker does, and BullMQ gives each run to one. */
export function createSchedules(
  client: Broker,
  keys: PoolKeys,
  log: Pick<Logger, 'info' | 'warn' | 'error'>,
  lockMs: number,
): Schedules {
  let worker: Worker<Schedule> | undefined

  function open(): Worker<Schedule> {
    const options = {
      prefix: keys.prefix,
      connection: client,
      lockDuration: lockMs,
      stalledInterval: lockMs / 2,
      maxStalledCount: MAX_STALLS,
      settings: { backoffStrategy: () => AGAIN_AFTER_MS },
    }
    const opened = new Worker<Schedule>(
      SCHEDULES,
      async ({ id = '', data, attemptsMade, opts: { attempts = 1 } }) => {
        // BullMQ's id of a run: `repeat:<schedule>:<slot>`
        const slot = Number(id.slice(id.lastIndexOf(':') + 1))
        try {
          const outcome = await runSchedule(client, keys, data, slot)
          log.info({ schedule: data.name, outcome }, 'a schedule was due')
        } catch (error) {
          if (!(error instanceof MillraceError)) throw error
          log.warn({ schedule: data.name, code: error.code, error: error.message }, 'a schedule was due and refused')
          if (attemptsMade + 1 < attempts) throw error
        }
      },
      options,
    )
    opened.on('error', reportErrors(log))
    return opened
  }

  return {
    async look() {
      if (!worker && (await client.exists(keys.queue(SCHEDULES, 'repeat')))) worker ??= open()
    },
    stop: async () => void (await worker?.close()),
  }
}
