import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { groupCommit } from './group-commit.ts'
import { DEPENDENTS_PER_CALL } from './pack.ts'
import { workOffResidue } from './residue.ts'

type Argument = string | number | boolean | Buffer
/** BullMQ's negative code, 0, or the next job as its `moveToActive` gives it. */
type Reply = number | unknown[]

const finishScript = readScript<Reply[]>(new URL('./finish.lua', import.meta.url))

/** Jobs settled by one call: enough to spread the cost of a call, few enough to keep it within some milliseconds. */
const MAX_BATCH = 32

/** BullMQ's keys and arguments of `moveToFinished`. */
type Ending = readonly Argument[]

/**
 * Gives a function that ends one job with BullMQ's own script, and settles those that end while a call is under way
 * together by the next call. The way of jobs that fail, and of jobs that belong to no workflow.
 *
 * The function takes BullMQ's keys and arguments of `moveToFinished` and resolves to that job's part of the reply.
 */
export function finishInBatches(keys: PoolKeys, queue: string, connect: () => Promise<Redis>) {
  async function settle(batch: readonly Ending[]): Promise<Reply[]> {
    const client = await connect()
    const replies = await send(client, keys, queue, batch)
    // not awaited: jobs must not wait for the dependents of others; after a crash the sweeper goes on
    if ((replies[batch.length] as number) > 0) workOffResidue(client, keys).catch(() => {})
    return replies
  }
  return groupCommit({ send: settle, maxGroup: MAX_BATCH, maxInFlight: 1 })
}

function send(client: Redis, keys: PoolKeys, queue: string, batch: readonly Ending[]): Promise<Reply[]> {
  const [first] = batch as [Ending]
  const shared = [...first.slice(0, 10), first[13]] as string[]
  const perJob = batch.flatMap((args) => [args[10], args[11], args[12]] as string[])
  return finishScript(
    client,
    [...shared, ...perJob],
    [
      ...[keys.prefix, queue, Date.now(), DEPENDENTS_PER_CALL],
      // BullMQ leaves the ninth argument, fields to update, undefined when there are none
      ...batch.flatMap((args) =>
        Array.from({ length: 9 }, (_, index) => (args[14 + index] as string | Buffer | undefined) ?? ''),
      ),
    ],
  )
}
