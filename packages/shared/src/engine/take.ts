import type { Redis } from 'ioredis'
import { Unpackr } from 'msgpackr'
import type { PoolKeys } from '../redis/keys.ts'
import { readBinaryScript } from '../redis/script.ts'
import { type NextJob, nextJob, noJob, type TakenJob } from './taken.ts'

const takeScript = readBinaryScript(new URL('./take-many.lua', import.meta.url))
const unpackr = new Unpackr({ useRecords: false, int64AsType: 'number' })

/** Jobs taken by one call: 500 slots fill in 16 round trips instead of 500. */
const MOST_AHEAD = 32
/** A worker that fills its slots asks again at once; what it has not asked for after so long, it does not want. */
const UNWANTED_AFTER_MS = 1_000

export interface TakeOptions {
  readonly worker: string
  readonly lockMs: number
  /** Slots for which the worker will ask next, this one included. */
  readonly freeSlots: () => number
  readonly connect: () => Promise<Redis>
  /** BullMQ's own way, for queues that are paused or limited or have delayed jobs that are due. */
  readonly ask: (token: string, worker: string) => Promise<NextJob>
  /** Puts a job back to its place and wakes a worker. */
  readonly handBack: (jobId: string, token: string) => Promise<unknown>
}

export interface Taker {
  /** The next job of the queue, locked with the token. */
  take(token: string): Promise<NextJob>
  /** Gives back what was taken and not asked for. */
  handBack(): Promise<void>
}

/**
 * Takes jobs for all free slots of a worker by one call, and hands them out as it asks. BullMQ's workers ask for one job
 * after another, each with the next number in its token (`<worker>:<n>`), so each job is locked with the token that will ask. One that
 * asks with an old token, since its job was put aside or waits for what it spawned, is given one job: nobody asks with the numbers
 * behind an old one again.
 */
export function takeAhead(keys: PoolKeys, queue: string, options: TakeOptions): Taker {
  const { worker, lockMs, freeSlots, connect, ask } = options
  const target = ['wait', 'active', 'prioritized', 'delayed', 'meta', 'pc', 'marker'].map((type) =>
    keys.queue(queue, type),
  )
  /** The last number that was asked with: only numbers behind it will be asked with again. */
  let newest = -1
  const ahead = new Map<string, { readonly id: string; readonly job: NextJob; readonly atMs: number }>()

  async function handBack(takenBefore = Number.POSITIVE_INFINITY): Promise<void> {
    for (const [token, { id, atMs }] of ahead) {
      if (atMs > takenBefore) continue
      ahead.delete(token)
      await options.handBack(id, token)
    }
  }

  async function take(token: string): Promise<NextJob> {
    const found = ahead.get(token)
    if (found && ahead.delete(token)) return found.job
    const number = numberIn(token)
    const isNext = number !== undefined && number > newest
    if (isNext) newest = number
    const tokens = isNext ? following(token, number, Math.min(freeSlots(), MOST_AHEAD)) : [token]
    const now = Date.now()
    const reply = await takeScript(await connect(), target, [keys.prefix, queue, now, worker, lockMs, ...tokens])
    const [jobs, due] = unpackr.unpack(reply) as [TakenJob[] | false, number]
    if (!jobs) return ask(token, worker)
    const [first, ...rest] = jobs
    for (const [index, job] of rest.entries()) {
      ahead.set(tokens[index + 1] as string, { id: job[0], job: nextJob(job, now), atMs: now })
    }
    if (rest.length > 0) {
      setTimeout(() => handBack(now).catch(() => {}), UNWANTED_AFTER_MS).unref() // else their locks expire
    }
    if (first) return nextJob(first, now)
    // told that there is nothing, the worker goes to sleep, and does not ask for what two of its calls under way took ahead
    await handBack()
    return noJob(due)
  }

  return { take, handBack: () => handBack() }
}

function numberIn(token: string): number | undefined {
  const [, number] = /:(\d+)$/.exec(token) ?? []
  return number === undefined ? undefined : Number(number)
}

/** A token and those that a worker uses after it. */
function following(token: string, number: number, count: number): string[] {
  const base = token.slice(0, token.lastIndexOf(':') + 1)
  return Array.from({ length: Math.max(1, count) }, (_, index) => `${base}${number + index}`)
}
