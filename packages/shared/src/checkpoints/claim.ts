import type { LockedJob } from '../engine/spawn.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'

/** How an attempt proves to a script that the job is its own; see ours.lua. */
export interface Claim {
  readonly keys: readonly [job: string, lock: string]
  readonly args: readonly [token: string, fencingToken: number]
}

export const claimOf = (keys: PoolKeys, { job, token }: LockedJob): Claim => ({
  keys: [keys.job(job.queueName, job.id as string), keys.lock(job.queueName, job.id as string)],
  args: [token, job.attemptsStarted],
})

/** What a stale attempt is refused with: the same code as for a lock that could not be renewed, as it is the same thing. */
export const lockLost = ({ job }: LockedJob): MillraceError =>
  new MillraceError('MILLRACE_LOCK_LOST', `Job ${job.id} is no longer ours: its lock expired or was taken.`)
