import type { Redis } from 'ioredis'
import { Unpackr } from 'msgpackr'
import type { PoolKeys } from '../redis/keys.ts'
import { readBinaryScript } from '../redis/script.ts'
import { type GroupLimits, groupCommit } from './group-commit.ts'
import { DEPENDENTS_PER_CALL, pack } from './pack.ts'
import { workOffResidue } from './residue.ts'
import { type NextJob, nextJob, noJob, type TakenJob } from './taken.ts'

const succeedScript = readBinaryScript(new URL('./succeed.lua', import.meta.url))
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' })

/**
 * Jobs of one call: enough to spread its cost, few enough that Redis and the worker do not wait for each other. With three calls under
 * way a quarter of the slots in each does that; measured at 50 and 200 slots, twice as many or half as many cost a tenth.
 */
const groupsOf = (slots: () => number): GroupLimits => ({
  maxGroup: () => Math.min(48, Math.max(16, Math.ceil(slots() / 4))),
  maxInFlight: 3,
})

/** The end of a job that succeeded. */
export interface Success {
  readonly id: string
  /** Of its lock; the next job gets it too. */
  readonly token: string
  /** JSON. */
  readonly output: string
  readonly fetchNext: boolean
  /** Of the attempt, where it is traced. */
  readonly span?: string | undefined
}

/** `code`: 0, 1 when BullMQ's own script must end the job, or BullMQ's negative code. */
export interface Succeeded {
  readonly code: number
  /** `ask`: BullMQ's own script must be asked for the next job. */
  readonly next: NextJob | 'ask' | undefined
}

export interface SucceedOptions {
  readonly worker: string
  readonly lockMs: number
  /** Jobs that run at once, by which the default groups go. */
  readonly slots: () => number
  /** Tests try every size. */
  readonly groups?: GroupLimits | undefined
}

type Reply = [codes: number[], jobs: TakenJob[] | false, due: number, residue: number]

/** Gives a function that ends a job of the queue that succeeded; jobs that end in the same moment share a call. */
export function succeedInGroups(
  keys: PoolKeys,
  queue: string,
  { worker, lockMs, slots, groups = groupsOf(slots) }: SucceedOptions,
  connect: () => Promise<Redis>,
): (success: Success) => Promise<Succeeded> {
  const target = [...['wait', 'active', 'prioritized', 'delayed', 'meta', 'pc', 'marker', 'stalled', 'completed']].map(
    (type) => keys.queue(queue, type),
  )

  async function send(group: readonly Success[]): Promise<Succeeded[]> {
    const client = await connect()
    const now = Date.now()
    const jobs = pack(
      group.map(({ id, token, output, fetchNext, span }) =>
        span ? [id, token, output, fetchNext, span] : [id, token, output, fetchNext],
      ),
    )
    const args = [keys.prefix, queue, now, DEPENDENTS_PER_CALL, worker, lockMs, jobs]
    const [codes, taken, due, residue] = unpackr.unpack(await succeedScript(client, target, args)) as Reply
    // not awaited: jobs must not wait for the dependents of others; after a crash the sweeper goes on
    if (residue > 0) workOffResidue(client, keys).catch(() => {})
    let given = 0
    return group.map(({ fetchNext }, index) => {
      const code = codes[index] as number
      if (code !== 0 || !fetchNext) return { code, next: undefined }
      if (!taken) return { code, next: 'ask' }
      const job = taken[given++]
      return { code, next: job ? nextJob(job, now) : noJob(due) }
    })
  }

  return groupCommit({ send, ...groups })
}
