import { type BackendFactory, createRedisBackend, type RedisQueueBackend, raw2NextJobData } from 'bullmq'
import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { failureFields } from './failure.ts'
import { finishInBatches } from './finish.ts'

/** Keys that BullMQ passes before the arguments of `moveToFinished`. */
export const FINISH_KEYS = 14

/**
 * BullMQ's Redis backend with one change: whatever ends a job does so through finish.lua, which also releases what needs
 * the job, buries it when it failed for good, and fetches the next. For workers, queues and flow producers alike.
 *
 * @example new Worker('default', processor, { prefix: keys.prefix, connection }, engineBackend(keys))
 */
export function engineBackend(keys: PoolKeys): BackendFactory<RedisQueueBackend> {
  return (name, options, backendOptions) => {
    const backend = createRedisBackend(name, options, backendOptions) as RedisQueueBackend
    const finish = finishInBatches(keys, name, async () => (await backend.client) as unknown as Redis)

    backend.moveToFinished = async (jobId, args) => {
      const reply = await finish(args)
      if (typeof reply === 'number' && reply < 0) {
        throw backend.finishedErrors({ code: reply, jobId, command: 'moveToFinished', state: 'active' })
      }
      return raw2NextJobData(reply as never)
    }

    const moveToFailed = backend.moveToFailed.bind(backend)
    backend.moveToFailed = (job, reason, removeOnFail, token, fetchNext, fields) =>
      moveToFailed(job, reason, removeOnFail, token, fetchNext, { ...fields, ...failureFields(job) })
    return backend
  }
}
