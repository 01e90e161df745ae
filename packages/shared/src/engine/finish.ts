import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { DEPENDENTS_PER_CALL } from './pack.ts'
import { workOffResidue } from './residue.ts'

type Argument = string | number | boolean | Buffer
/** BullMQ's negative code, 0, or the next job as its `moveToActive` gives it. */
type Reply = number | unknown[]

const finishScript = readScript<Reply[]>(new URL('./finish.lua', import.meta.url))

/** Jobs settled by one call: enough to spread the cost of a call, few enough to keep it within some milliseconds. */
const MAX_BATCH = 32

interface Ending {
  readonly args: readonly Argument[]
  readonly resolve: (reply: Reply) => void
  readonly reject: (error: unknown) => void
}

/**
 * Gives a function that ends one job, and settles those that end while a call is under way together by the next call:
 * group commit. A job that ends alone is sent at once, so a batch of one costs what BullMQ's own script costs.
 *
 * The function takes BullMQ's keys and arguments of `moveToFinished` and resolves to that job's part of the reply.
 */
export function finishInBatches(keys: PoolKeys, queue: string, connect: () => Promise<Redis>) {
  let waiting: Ending[] = []
  let busy = false

  async function pump(): Promise<void> {
    if (busy) return
    busy = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, MAX_BATCH)
      waiting = waiting.slice(MAX_BATCH)
      try {
        const client = await connect()
        const replies = await send(client, keys, queue, batch)
        for (const [index, ending] of batch.entries()) ending.resolve(replies[index] as Reply)
        // not awaited: jobs must not wait for the dependents of others; after a crash the sweeper goes on
        if ((replies[batch.length] as number) > 0) workOffResidue(client, keys).catch(() => {})
      } catch (error) {
        for (const ending of batch) ending.reject(error)
      }
    }
    busy = false
  }

  return (args: readonly Argument[]): Promise<Reply> =>
    new Promise((resolve, reject) => {
      waiting.push({ args, resolve, reject })
      void pump()
    })
}

function send(client: Redis, keys: PoolKeys, queue: string, batch: readonly Ending[]): Promise<Reply[]> {
  const [first] = batch as [Ending]
  const shared = [...first.args.slice(0, 10), first.args[13]] as string[]
  const perJob = batch.flatMap(({ args }) => [args[10], args[11], args[12]] as string[])
  return finishScript(
    client,
    [...shared, ...perJob],
    [
      ...[keys.prefix, queue, Date.now(), DEPENDENTS_PER_CALL],
      // BullMQ leaves the ninth argument, fields to update, undefined when there are none
      ...batch.flatMap(({ args }) =>
        Array.from({ length: 9 }, (_, index) => (args[14 + index] as string | Buffer | undefined) ?? ''),
      ),
    ],
  )
}
