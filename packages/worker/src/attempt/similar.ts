import {
  type Direction,
  directionOf,
  findSimilar,
  type Handler,
  type Json,
  keepSimilar,
  type Task,
  type TaskCache,
} from '@millrace/shared'
import type { Attempt } from './attempt.ts'
import { Reused } from './reused.ts'
import type { Room } from './room.ts'
import { toJson } from './to-json.ts'

/** A handler that looks for a similar job first. */
export interface OpenSimilar {
  readonly handler: Task['handler']
  /** Whether the output is that of an earlier job. */
  readonly reused: boolean
  /** Remembers the output for similar jobs to come. Never throws: the job has its output. */
  keep(output: Json): Promise<void>
}

/**
 * Embedding and comparing are part of the handler's time, so that the time limit holds for them. What goes wrong with them
 * costs the job nothing but the cache.
 */
export function openSimilar(
  { signal, log }: Attempt,
  task: Task,
  cache: TaskCache,
  { id, input }: { readonly id: string; readonly input: unknown },
  { client, keys, tally }: Room,
): OpenSimilar {
  const scope = `${task.name}@${cache.version}`
  let direction: Direction | undefined
  let reused = false

  async function look() {
    const found = directionOf((await cache.embed?.(input, { signal })) as ArrayLike<number>)
    if (typeof found === 'string') throw new TypeError(`the embedding cannot be used: ${found}`)
    direction = found
    return await findSimilar(client, keys, scope, direction, Math.min(cache.adapt, cache.reuse))
  }

  const handler: Handler<unknown, unknown> = async (input, ctx) => {
    const similar = await look().catch((error: unknown) => {
      log.warn({ err: error }, 'similar jobs could not be looked for; the job runs without them')
      return undefined
    })
    signal.throwIfAborted()
    if (!similar || similar.similarity < cache.reuse) {
      return await task.handler(input, Object.create(ctx, { similar: { value: similar } }))
    }
    reused = true
    tally.cached++
    log.debug({ similarity: similar.similarity }, 'the output of a similar job is used')
    return new Reused(similar.output)
  }

  return {
    handler,
    get reused() {
      return reused
    },
    async keep(output) {
      const json = toJson(input, 'input')
      if (!direction || !json.ok) return
      const entry = { id, direction, input: json.value, output }
      await keepSimilar(client, keys, scope, entry, { ttlMs: cache.ttlMs, most: cache.entries }).catch(
        (error: unknown) => log.warn({ err: error }, 'the output could not be kept for similar jobs'),
      )
    },
  }
}
