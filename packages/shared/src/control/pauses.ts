import type { Redis } from 'ioredis'
import { MillraceError } from '../errors/millrace-error.ts'
import { unparkJobs } from '../parking/unpark.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'

const pauseScript = readScript<number>(new URL('./pause.lua', import.meta.url))

/** What can be paused besides queues, which BullMQ pauses itself. Its jobs are parked in the lot `<kind>/<name>`. */
export const PAUSABLE = ['task', 'workflow'] as const
export type Pausable = (typeof PAUSABLE)[number]

export interface Pause {
  readonly kind: Pausable
  /** Name of the task, or id of the workflow. */
  readonly name: string
  readonly pausedAt: number
  /** Jobs that came up meanwhile and were put aside. */
  readonly parked: number
}

/**
 * From now on no attempt of the task, or of the workflow, begins; what runs may end. Its jobs are put aside as they come up.
 *
 * @returns false when it was paused before.
 * @throws MillraceError MILLRACE_WORKFLOW_NOT_FOUND, or MILLRACE_USAGE when the workflow has ended.
 */
export const pause = (client: Redis, keys: PoolKeys, kind: Pausable, name: string, now: () => number = Date.now) =>
  order(client, keys, 'pause', kind, name, now())

/**
 * Lets attempts begin again and sends the jobs that were put aside back to their places. Whatever becomes of the caller,
 * the sweeper goes on with that.
 *
 * @returns false when it was not paused.
 * @throws MillraceError MILLRACE_WORKFLOW_NOT_FOUND.
 */
export async function resume(
  client: Redis,
  keys: PoolKeys,
  kind: Pausable,
  name: string,
  now: () => number = Date.now,
): Promise<boolean> {
  const changed = await order(client, keys, 'resume', kind, name, now())
  await unparkJobs(client, keys, `${kind}/${name}`)
  return changed
}

async function order(
  client: Redis,
  keys: PoolKeys,
  verb: 'pause' | 'resume',
  kind: Pausable,
  name: string,
  now: number,
): Promise<boolean> {
  const target = [keys.pauses, keys.resumes, keys.orders, ...(kind === 'workflow' ? [keys.workflow(name)] : [])]
  const reply = await pauseScript(client, target, [verb, `${kind}/${name}`, now, keys.orders])
  if (reply === -1) throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow "${name}".`)
  if (reply === -2) {
    throw new MillraceError('MILLRACE_USAGE', `The workflow "${name}" has ended: there is nothing to pause.`)
  }
  return reply === 1
}

/** The lots of what is paused. */
export async function readPausedLots(client: Redis, keys: PoolKeys): Promise<ReadonlySet<string>> {
  return new Set(await client.hkeys(keys.pauses))
}

/** What is paused, with the jobs that wait for it, by kind and name. */
export async function readPauses(client: Redis, keys: PoolKeys): Promise<Pause[]> {
  const pauses = Object.entries(await client.hgetall(keys.pauses)).toSorted(([a], [b]) => a.localeCompare(b))
  return await Promise.all(
    pauses.map(async ([lot, at]) => {
      const slash = lot.indexOf('/')
      const [kind, name] = [lot.slice(0, slash) as Pausable, lot.slice(slash + 1)]
      return { kind, name, pausedAt: Number(at), parked: await client.zcard(keys.lot(lot)) }
    }),
  )
}
