import {
  type BackendFactory,
  createRedisBackend,
  type RedisQueueBackend,
  raw2NextJobData,
  type WorkerOptions,
} from 'bullmq'
import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { failureFields, pastFields } from './failure.ts'
import { finishInBatches } from './finish.ts'
import type { GroupLimits } from './group-commit.ts'
import { spanOf } from './span.ts'
import { succeedInGroups } from './succeed.ts'
import { takeAhead } from './take.ts'

const recoverScript = readScript<string[]>(new URL('./recover.lua', import.meta.url))

/** Keys that BullMQ passes before the arguments of `moveToFinished`. */
export const FINISH_KEYS = 14

export interface EngineOptions {
  /** Slots of the worker for which it will ask jobs next. Default one: it takes one job after another. */
  readonly freeSlots?: () => number
  /** How many jobs the worker runs at once, now. Default one. */
  readonly slots?: () => number
  /** How jobs that end together are grouped. */
  readonly groups?: GroupLimits | undefined
}

/**
 * BullMQ's Redis backend with two changes: whatever ends a job does so through scripts of ours, which also release what
 * needs the job, bury it when it failed for good, and take the next; and jobs are taken for several slots at once. For
 * workers, queues and flow producers alike.
 *
 * @example new Worker('default', processor, { prefix: keys.prefix, connection }, engineBackend(keys))
 */
export function engineBackend(
  keys: PoolKeys,
  { freeSlots = () => 1, slots = () => 1, groups }: EngineOptions = {},
): BackendFactory<RedisQueueBackend> {
  return (name, options, backendOptions) => {
    const backend = createRedisBackend(name, options, backendOptions) as RedisQueueBackend
    const connect = async () => (await backend.client) as unknown as Redis
    const { name: worker = '', lockDuration: lockMs = 30_000 } = options as { name?: string; lockDuration?: number }

    const ask = backend.moveToActive.bind(backend)
    const handBack = async (id: string, token: string) => {
      await backend.moveJobFromActiveToWait(id, token)
      await (await connect()).zadd(keys.queue(name, 'marker'), 0, '0') // BullMQ wakes nobody for a job with a priority
    }
    const taker = takeAhead(keys, name, { worker, lockMs, freeSlots, connect, ask, handBack })
    backend.moveToActive = (token) => taker.take(token)
    const close = backend.close.bind(backend)
    backend.close = async (...args) => {
      await taker.handBack().catch(() => {}) // Redis is gone: their locks expire
      await close(...args)
    }

    const succeed = succeedInGroups(keys, name, { worker, lockMs, slots, groups }, connect)
    const moveToCompleted = backend.moveToCompleted.bind(backend)
    backend.moveToCompleted = async (job, value, removeOnComplete, token, fetchNext) => {
      const id = job.id as string
      const output = JSON.stringify(value) ?? 'null'
      const finishedOn = Date.now()
      const { code, next } = await succeed({
        id,
        token,
        output,
        fetchNext: fetchNext === true,
        span: spanOf(job)?.spanId,
      })
      if (code < 0) throw backend.finishedErrors({ code, jobId: id, command: 'moveToFinished', state: 'active' })
      if (code === 1) return moveToCompleted(job, value, removeOnComplete, token, fetchNext)
      return { result: next === 'ask' ? await ask(token, worker) : (next ?? []), finishedOn }
    }

    const finish = finishInBatches(keys, name, connect)
    backend.moveToFinished = async (jobId, args) => {
      const reply = await finish(args)
      if (typeof reply === 'number' && reply < 0) {
        throw backend.finishedErrors({ code: reply, jobId, command: 'moveToFinished', state: 'active' })
      }
      return raw2NextJobData(reply as never)
    }

    backend.moveStalledJobsToWait = async () => {
      const { stalledInterval, maxStalledCount } = options as Partial<WorkerOptions>
      const types = ['stalled', 'wait', 'active', 'stalled-check', 'meta', 'paused', 'marker', 'events', 'repeat']
      return recoverScript(
        await connect(),
        [...types, 'prioritized'].map((type) => keys.queue(name, type)),
        [maxStalledCount ?? 1, keys.queue(name, ''), Date.now(), stalledInterval ?? 30_000],
      )
    }

    const moveToFailed = backend.moveToFailed.bind(backend)
    backend.moveToFailed = (job, reason, removeOnFail, token, fetchNext, fields) =>
      moveToFailed(job, reason, removeOnFail, token, fetchNext, { ...fields, ...failureFields(job, worker) })
    const withPast = <Options extends { fieldsToUpdate?: Record<string, unknown> }>(id: string, options?: Options) => ({
      ...options,
      fieldsToUpdate: { ...options?.fieldsToUpdate, ...pastFields(name, id, worker) },
    })
    const moveToDelayed = backend.moveToDelayed.bind(backend)
    backend.moveToDelayed = (id, timestamp, delay, token, options) =>
      moveToDelayed(id, timestamp, delay, token, withPast(id, options))
    const retryJob = backend.retryJob.bind(backend)
    backend.retryJob = (id, lifo, token, options) => retryJob(id, lifo, token, withPast(id, options))
    return backend
  }
}
