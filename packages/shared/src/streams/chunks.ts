import type { Redis } from 'ioredis'
import { claimOf, lockLost } from '../checkpoints/claim.ts'
import type { LockedJob } from '../engine/spawn.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { ChunkEvent } from '../views/views.ts'
import type { Json } from '../workflow/json.ts'

const emitScript = readScript<number>(new URL('./emit.lua', import.meta.url))

/** What stays of a workflow's chunks; beyond that the oldest go. */
export interface ChunkLimits {
  readonly chunks: number
  readonly bytes: number
  /** After the last one. Workflows that failed are kept until somebody looks; their chunks are not. */
  readonly keepMs: number
}

export const CHUNK_LIMITS: ChunkLimits = { chunks: 10_000, bytes: 16 * 1024 * 1024, keepMs: 7 * 86_400_000 }

/** Chunks read by one call. */
const PAGE = 200

/**
 * Appends chunks, JSON texts, to the stream of the job's workflow, in this order.
 *
 * @throws MillraceError MILLRACE_LOCK_LOST when the attempt no longer has the job; nothing is written then.
 */
export async function appendChunks(
  client: Redis,
  keys: PoolKeys,
  locked: LockedJob,
  chunks: readonly string[],
  limits: ChunkLimits = CHUNK_LIMITS,
  now: () => number = Date.now,
): Promise<void> {
  const { workflow, job } = locked.job.data
  const claim = claimOf(keys, locked)
  const code = await emitScript(
    client,
    [...claim.keys, keys.chunks(workflow)],
    [
      ...claim.args,
      ...[now(), limits.chunks, limits.bytes, limits.keepMs],
      ...[keys.events(workflow), job, locked.job.attemptsMade + 1],
      ...chunks,
    ],
  )
  if (code < 0) throw lockLost(locked)
}

/**
 * Reads a workflow's chunks from the oldest that is left, each once. A call gives all that are there when it begins, and
 * ends however many come meanwhile; the next call goes on.
 */
export function readChunks(client: Redis, keys: PoolKeys, id: string): () => AsyncGenerator<ChunkEvent> {
  let after = ''
  return async function* () {
    for (let read = 0; read < CHUNK_LIMITS.chunks; read += PAGE) {
      const page = await client.xrange(keys.chunks(id), after ? `(${after}` : '-', '+', 'COUNT', PAGE)
      for (const [entry, fields] of page) {
        after = entry
        yield chunkOf(fields)
      }
      if (page.length < PAGE) return
    }
  }
}

function chunkOf(fields: readonly string[]): ChunkEvent {
  const [, n, , , , job = '', , attempt, , at, , chunk = 'null'] = fields
  return {
    kind: 'chunk',
    number: Number(n),
    job,
    attempt: Number(attempt),
    at: Number(at),
    chunk: JSON.parse(chunk) as Json,
  }
}
