import { Redis } from 'ioredis'
import { MillraceError } from '../errors/millrace-error.ts'
import { unreachable } from './unreachable.ts'

export interface BrokerOptions {
  /** e.g. `redis://:password@host:6379/0` or `rediss://…`. */
  readonly url: string
  /**
   * A worker waits for a lost broker as long as it takes; a producer fails at once, so that its caller can decide.
   */
  readonly role: 'worker' | 'producer'
  /** How long the first connection may take, in milliseconds. Default 3,000. */
  readonly connectTimeoutMs?: number
}

/** Longer than any command of ours takes on a healthy broker, short enough for somebody who waits at a terminal. */
const COMMAND_TIMEOUT_MS = 10_000

/**
 * Connects to Redis and waits for its first answer.
 *
 * @throws MillraceError MILLRACE_BROKER_UNREACHABLE when there is none in time; the connection is closed then.
 */
export async function connectBroker({ url, role, connectTimeoutMs = 3_000 }: BrokerOptions): Promise<Redis> {
  const client = new Redis(url, {
    lazyConnect: true,
    maxRetriesPerRequest: role === 'worker' ? null : 1,
    enableOfflineQueue: true,
    connectTimeout: connectTimeoutMs,
    // a broker that freezes keeps its socket open: a producer must not wait for it for ever
    ...(role === 'producer' && { commandTimeout: COMMAND_TIMEOUT_MS }),
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1_000),
  })
  let last: Error | undefined
  client.on('error', (error: Error) => {
    last = error // reported below, or by the command that fails
  })
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('no answer')), connectTimeoutMs)
  })
  try {
    await Promise.race([client.connect().then(() => client.ping()), late])
    return client
  } catch (error) {
    client.disconnect()
    const said = unreachable(last ?? (error as Error), connectTimeoutMs)
    throw new MillraceError('MILLRACE_BROKER_UNREACHABLE', `Redis at ${redactUrl(url)} ${said}`, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** The URL without its password, fit to be printed. */
export function redactUrl(url: string): string {
  return url.replace(/\/\/([^:@/]*):.*@/, '//$1:***@') // to the last @: a password may have one itself
}
