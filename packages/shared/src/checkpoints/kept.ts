import type { Redis } from 'ioredis'
import type { LockedJob } from '../engine/spawn.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import { claimOf, lockLost } from './claim.ts'

const recallScript = readScript<[code: number, value?: string]>(new URL('./recall.lua', import.meta.url))
const keepScript = readScript<[code: number, rest?: string | number]>(new URL('./keep.lua', import.meta.url))

/** What is kept, as its owner reads and writes it. Values are JSON texts; `undefined` is no value. */
export interface Kept {
  /** @throws MillraceError MILLRACE_LOCK_LOST when the attempt no longer has the job. */
  recall(field: string): Promise<string | undefined>
  /** @throws MillraceError MILLRACE_LOCK_LOST, or MILLRACE_VALUE_TOO_LARGE; nothing is written then. */
  keep(field: string, value: string | undefined): Promise<void>
  /**
   * Keeps the value if the field has the one that is expected.
   *
   * @returns what it has otherwise.
   */
  keepIf(field: string, value: string | undefined, expected: string | undefined): Promise<Swapped>
}

type Swapped = { readonly kept: true } | { readonly kept: false; readonly there: string | undefined }

/** What the attempts of one job keep for each other. It is removed together with the workflow. */
export const keptByJob = (client: Redis, keys: PoolKeys, locked: LockedJob, mostBytes: number): Kept =>
  kept(client, keys, locked, mostBytes, ({ job }) => ({
    key: keys.kept(job.queueName, job.id as string),
    name: `job ${job.id}`,
  }))

/** What the jobs of a workflow share, for one of them. It is removed together with the workflow. */
export const keptByWorkflow = (client: Redis, keys: PoolKeys, locked: LockedJob, mostBytes: number): Kept =>
  kept(client, keys, locked, mostBytes, ({ job: { data } }) => ({
    key: keys.context(data.workflow),
    name: `the jobs of workflow ${data.workflow} together`,
  }))

/** Made for every attempt, and used by few: nothing is built before it is needed. */
function kept(
  client: Redis,
  keys: PoolKeys,
  locked: LockedJob,
  mostBytes: number,
  ownerOf: (locked: LockedJob) => { readonly key: string; readonly name: string },
): Kept {
  async function write(field: string, value: string | undefined, condition: readonly string[]): Promise<Swapped> {
    const claim = claimOf(keys, locked)
    const owner = ownerOf(locked)
    const args = [...claim.args, field, value ?? '', mostBytes, ...condition]
    const [code, rest] = await keepScript(client, [...claim.keys, owner.key], args)
    if (code === 1) return { kept: true }
    if (code === 0) return { kept: false, there: rest as string | undefined }
    if (code === -1) throw lockLost(locked)
    throw new MillraceError(
      'MILLRACE_VALUE_TOO_LARGE',
      `With "${field}", ${owner.name} would keep ${rest} bytes; at most ${mostBytes} are kept. Store the data elsewhere and keep its address.`,
    )
  }

  return {
    async recall(field) {
      const claim = claimOf(keys, locked)
      const [code, value] = await recallScript(client, [...claim.keys, ownerOf(locked).key], [...claim.args, field])
      if (code < 0) throw lockLost(locked)
      return value ?? undefined
    },
    keep: async (field, value) => void (await write(field, value, ['always', ''])),
    keepIf: (field, value, expected) => write(field, value, ['if', expected ?? '']),
  }
}
