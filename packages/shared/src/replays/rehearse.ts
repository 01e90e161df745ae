import type { Redis } from 'ioredis'
import { dependentsIn } from '../engine/dependents.ts'
import type { PoolKeys } from '../redis/keys.ts'
import type { DeadLetter } from '../views/views.ts'

/** What a replay would do, had it begun when this was read. Nothing is changed by asking. */
export interface Rehearsal {
  /** Jobs that would go back to their queues. */
  readonly replayed: number
  /** Letters whose job was removed or whose workflow is cancelled: they stay. */
  readonly refused: number
  readonly byTask: Readonly<Record<string, number>>
  readonly byQueue: Readonly<Record<string, number>>
  readonly byFingerprint: Readonly<Record<string, number>>
  /** Jobs that were skipped because of them and would wait for their needs again. */
  readonly unskipped: number
  /** How long it takes until the last is sent, at that rate. */
  readonly durationMs: number
}

const LETTERS_PER_READ = 200

/** Cost: two reads per letter, and two for every job that would be un-skipped; a page of 200 at a time. */
export async function rehearseReplay(
  client: Redis,
  keys: PoolKeys,
  letters: AsyncIterable<DeadLetter>,
  ratePerSecond: number,
): Promise<Rehearsal> {
  const counts = { task: new Map<string, number>(), queue: new Map<string, number>(), print: new Map<string, number>() }
  const skipped = new Set<string>()
  let [replayed, refused] = [0, 0]
  const count = (map: Map<string, number>, name: string) => map.set(name, (map.get(name) ?? 0) + 1)

  async function take(page: readonly DeadLetter[]): Promise<void> {
    const suffixes = page.map(({ id }) => id.replace('~', ':'))
    const states = await pipelined<string | null>(client, (pipeline) => {
      for (const letter of page) {
        pipeline.hget(keys.workflow(letter.workflow?.id ?? ''), 'state')
        pipeline.zscore(keys.queue(letter.queue, 'failed'), letter.id.slice(letter.id.indexOf('~') + 1))
      }
    })
    const back = page.flatMap((letter, index) => {
      if (states[index * 2] === 'cancelled' || !states[index * 2 + 1]) {
        refused++
        return []
      }
      replayed++
      count(counts.task, letter.task)
      count(counts.queue, letter.queue)
      count(counts.print, letter.fingerprint)
      return [suffixes[index] as string]
    })
    for (let next = back; next.length > 0; ) next = await skippedDependents(client, keys, next, skipped)
  }

  let page: DeadLetter[] = []
  for await (const letter of letters) {
    page.push(letter)
    if (page.length < LETTERS_PER_READ) continue
    await take(page)
    page = []
  }
  await take(page)
  return {
    replayed,
    refused,
    byTask: Object.fromEntries(counts.task),
    byQueue: Object.fromEntries(counts.queue),
    byFingerprint: Object.fromEntries(counts.print),
    unskipped: skipped.size,
    durationMs: Math.round((replayed / ratePerSecond) * 1_000),
  }
}

/** Of the dependents of these jobs, those that are skipped and were not seen before. */
async function skippedDependents(
  client: Redis,
  keys: PoolKeys,
  suffixes: readonly string[],
  seen: Set<string>,
): Promise<string[]> {
  const lists = await pipelined<string | null | string[]>(client, (pipeline) => {
    for (const suffix of suffixes) {
      pipeline.hget(`${keys.prefix}:${suffix}`, 'dependents')
      pipeline.lrange(`${keys.prefix}:${suffix}:more`, 0, -1)
    }
  })
  const named = lists.flatMap((list, index) => {
    const suffix = suffixes[Math.floor(index / 2)] as string
    return typeof list === 'string' ? dependentsIn(suffix, list) : (list ?? [])
  })
  const found = [...new Set(named)]
  const fresh = found.filter((suffix) => !seen.has(suffix))
  const states = await pipelined<string | null>(client, (pipeline) => {
    for (const suffix of fresh) pipeline.hget(`${keys.prefix}:${suffix}`, 'state')
  })
  const skipped = fresh.filter((_, index) => states[index] === 'skipped')
  for (const suffix of skipped) seen.add(suffix)
  return skipped
}

async function pipelined<Reply>(client: Redis, fill: (pipeline: ReturnType<Redis['pipeline']>) => void) {
  const pipeline = client.pipeline()
  fill(pipeline)
  return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error) throw error
    return reply as Reply
  })
}
