import type { Redis } from 'ioredis'
import type { LockedJob } from '../engine/spawn.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

/** A breaker that is not closed, as the whole pool sees it. Times are those of Redis: clocks of workers need not agree. */
export interface BreakerState {
  /** `stripe`, or `task/<name>` for the breaker of a task. */
  readonly name: string
  /** How often it has been opened since it was last closed. */
  readonly openings: number
  /** ms since 1970. */
  readonly openedAt: number
  /** Milliseconds from now until a probe may be made, 0 when it may; `Infinity` when it stays open until it is closed by hand. */
  readonly halfOpenInMs: number
  /** The worker that opened it, or `operator`. */
  readonly by: string
  /** The failure that opened it. */
  readonly why: string
}

type Stored = Omit<BreakerState, 'halfOpenInMs'> & { readonly halfOpenAt: number }

const openScript = readScript<[0 | 1, string | null, number]>(new URL('./open-breaker.lua', import.meta.url))
const takeScript = readScript<[ProbeReply['answer'], string | null, number]>(
  new URL('./take-probe.lua', import.meta.url),
)
const closeScript = readScript<0 | 1>(new URL('./close-breaker.lua', import.meta.url))
const returnScript = readScript<0 | 1>(new URL('./return-probe.lua', import.meta.url))

const seen = (text: string, now: number): BreakerState => {
  const { halfOpenAt, ...state } = JSON.parse(text) as Stored
  return { ...state, halfOpenInMs: halfOpenAt < 0 ? Number.POSITIVE_INFINITY : Math.max(0, halfOpenAt - now) }
}

/** Who opens a breaker: a worker that counted failures, the probe that failed, or an operator. */
export type OpenedBy = 'count' | 'hand' | LockedJob

/** Names the attempt so that others can see whether it still is under way: by the lock of its job. */
const holder = (keys: PoolKeys, { job, token }: LockedJob) =>
  `${keys.job(job.queueName, job.id as string)}:lock\n${token}`

/**
 * Opens a breaker for the whole pool; every worker hears of it at once. One that is open stays as it is, unless the probe
 * that failed or an operator opens it again.
 *
 * @returns its state now; `undefined` when it is closed, because the probe had been overtaken.
 */
export async function openBreaker(
  client: Redis,
  keys: PoolKeys,
  opening: Pick<BreakerState, 'name' | 'openings' | 'halfOpenInMs' | 'by' | 'why'>,
  how: OpenedBy,
): Promise<BreakerState | undefined> {
  const { name, openings, halfOpenInMs, by, why } = opening
  const delay = Number.isFinite(halfOpenInMs) ? Math.max(0, Math.round(halfOpenInMs)) : -1
  const [, state, now] = await openScript(
    client,
    [keys.breakers, keys.breakerProbe(name)],
    [
      name,
      delay,
      openings,
      by,
      why.slice(0, 500),
      typeof how === 'string' ? how : holder(keys, how),
      keys.breakerSignals,
    ],
  )
  return state ? seen(state, now) : undefined
}

/** Closes a breaker for the whole pool, because its probe succeeded or an operator says so. False when nothing changed. */
export async function closeBreaker(
  client: Redis,
  keys: PoolKeys,
  name: string,
  how: 'hand' | LockedJob,
): Promise<boolean> {
  const probe = how === 'hand' ? '' : holder(keys, how)
  const closed = await closeScript(client, [keys.breakers, keys.breakerProbe(name)], [name, probe, keys.breakerSignals])
  return closed === 1
}

export interface ProbeReply {
  readonly answer: 'closed' | 'open' | 'taken' | 'granted'
  readonly state: BreakerState | undefined
}

/** A job that was called and does not come, because its queue is long or paused, is followed by another after so long. */
export const CALL_AGAIN_AFTER_MS = 5_000

/**
 * Asks whether an attempt may be the probe of a half-open breaker.
 *
 * @param attempt without one: whether a waiting job is to be called; the first who asks is told so, and others after 5 s.
 */
export async function takeProbe(client: Redis, keys: PoolKeys, name: string, attempt?: LockedJob): Promise<ProbeReply> {
  const asks = attempt ? holder(keys, attempt) : ''
  const hasWaited = attempt && attempt.job.attemptsStarted - attempt.job.attemptsMade > 1
  const who = hasWaited ? `${attempt.job.queueName}:${attempt.job.id}` : ''
  const [answer, state, now] = await takeScript(
    client,
    [keys.breakers, keys.breakerProbe(name), keys.breakerCall(name)],
    [name, asks, who, CALL_AGAIN_AFTER_MS],
  )
  return { answer, state: state ? seen(state, now) : undefined }
}

/** Gives the lease of a probe that learnt nothing back. False when another attempt has it. */
export async function returnProbe(client: Redis, keys: PoolKeys, name: string, attempt: LockedJob): Promise<boolean> {
  return (await returnScript(client, [keys.breakerProbe(name)], [holder(keys, attempt)])) === 1
}

/** Loads the scripts into Redis, so that the first opening does not take a second round trip. Changes nothing. */
export async function prepareBreakers(client: Redis, keys: PoolKeys): Promise<void> {
  const nobody = { job: { id: '', queueName: '' }, token: '' } as LockedJob
  const opening = { name: '', openings: 0, halfOpenInMs: 0, by: '', why: '' }
  await Promise.all([openBreaker(client, keys, opening, nobody), closeBreaker(client, keys, '', nobody)])
}

/** The breakers that are not closed, by name. */
export async function readBreakers(client: Redis, keys: PoolKeys): Promise<ReadonlyMap<string, BreakerState>> {
  const [time, states] = await Promise.all([client.time(), client.hgetall(keys.breakers)])
  const now = Number(time[0]) * 1_000 + Math.floor(Number(time[1]) / 1_000)
  return new Map(Object.entries(states).map(([name, text]) => [name, seen(text, now)]))
}

/** Reads a message of the channel `breakerSignals`; without a state the breaker was closed. */
export function hearBreaker(message: string): { readonly name: string; readonly state: BreakerState | undefined } {
  const { name, now, state } = JSON.parse(message) as { name: string; now?: number; state?: string }
  return { name, state: state && now ? seen(state, now) : undefined }
}
