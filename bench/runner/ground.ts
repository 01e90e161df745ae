import { Redis } from 'ioredis'
import { openBroker } from '../../scripts/broker.mjs'
import { killAll } from '../pools/processes.ts'
import type { Profiling } from '../profile/profiling.ts'
import type { Room } from './room.ts'

/** What a run stands on: a Redis of its own, whatever `REDIS_URL` says, since it is emptied again and again. */
export interface Ground {
  readonly redis: Redis
  room(options?: { quick?: boolean; profiling?: Profiling }): Room
  /** Empties Redis. */
  clear(): Promise<void>
  /** Never resolves once a signal ends this run: what fails then has no meaning. At once otherwise. */
  unlessClosing(): Promise<void>
  close(): Promise<void>
}

/**
 * Starts a Redis. Ctrl-C ends it, every worker and this process; so does any other end of this process.
 *
 * @throws Error when there is no Redis to be had; its message names the ways to get one.
 */
export async function openGround(): Promise<Ground> {
  const { REDIS_URL: _, ...env } = process.env
  const broker = await openBroker({ durable: false, log: console.error, env })
  const redis = new Redis(broker.url, { maxRetriesPerRequest: null })
  redis.on('error', () => {}) // the command that fails says so
  let closing: Promise<void> | undefined
  const close = async () => {
    killAll()
    redis.disconnect()
    await broker.close()
  }
  const closeOnce = () => {
    closing ??= close()
    return closing
  }
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    process.on(signal, () => closeOnce().finally(() => process.exit(code)))
  }
  process.on('exit', killAll)
  return {
    redis,
    room: ({ quick = false, profiling } = {}) => ({
      url: broker.url,
      redis,
      profiling,
      size: (full, small) => (quick ? small : full),
    }),
    async clear() {
      await redis.flushall('SYNC')
      await redis.config('RESETSTAT')
    },
    unlessClosing: () => (closing ? new Promise(() => {}) : Promise.resolve()),
    close: closeOnce,
  }
}
