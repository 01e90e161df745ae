import { DEAD_LETTERS, type JobState, jobId, type PoolKeys, readView } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Output } from './entry.ts'

/** What Redis holds of a job when everything is over. */
export interface RecordedJob {
  readonly state: JobState
  /** Of which attempt its output is. */
  readonly outputToken: number | undefined
  /** Which attempt reported progress last; handlers report their token. */
  readonly progressToken: number | undefined
  /** How often it was started, and why it was started again: failed attempts, lost workers, handed back by a drain, put aside. */
  readonly starts: number
  readonly failures: number
  readonly stalls: number
  readonly handedBack: number
  readonly parkings: number
  /** How often it was sent back to its queue when it was dead. */
  readonly replays: number
  /** How often its end was announced. */
  readonly endings: number
}

export interface Recorded {
  /** By job id. */
  readonly jobs: ReadonlyMap<string, RecordedJob>
  /** Ids of the jobs that have a dead letter. */
  readonly letters: readonly string[]
}

const EVENTS_PER_READ = 5_000
/** `rough` is for tasks that may take their worker down: see chaos/tasks. */
const QUEUES = ['default', 'rough']

/** The queue's stream of events is off, and trimmed; a scenario wants it whole. Call it before the first job. */
export async function keepAllEvents(client: Redis, keys: PoolKeys): Promise<void> {
  for (const queue of QUEUES) {
    await client.hset(keys.queue(queue, 'meta'), { events: 'on', 'opts.maxLenEvents': 10_000_000 })
  }
}

/** Reads what the pool recorded of these workflows. */
export async function readRecorded(client: Redis, keys: PoolKeys, workflows: readonly string[]): Promise<Recorded> {
  const events = await countEvents(client, keys)
  const jobs = new Map<string, RecordedJob>()
  for (const workflow of workflows) {
    const view = await readView(client, keys, workflow)
    const pipeline = client.pipeline()
    for (const { name, queue } of view?.jobList ?? []) {
      pipeline.hmget(keys.job(queue, jobId(workflow, name)), 'ats', 'atm', 'stc', 'parkings')
    }
    const rows = (await pipeline.exec()) ?? []
    for (const [index, { name, state, output, progress }] of (view?.jobList ?? []).entries()) {
      const id = jobId(workflow, name)
      const [starts = 0, failures = 0, stalls = 0, parkings = 0] = ((rows[index]?.[1] ?? []) as (string | null)[]).map(
        Number,
      )
      jobs.set(id, {
        state,
        outputToken: (output as Output | null | undefined)?.token,
        progressToken: typeof progress === 'number' ? progress : undefined,
        starts,
        failures,
        stalls,
        parkings,
        handedBack: (events.returns.get(id) ?? 0) - (events.stalls.get(id) ?? 0),
        replays: events.replays.get(id) ?? 0,
        endings: events.endings.get(id) ?? 0,
      })
    }
  }
  const letters = await client.zrange(keys.queue(DEAD_LETTERS, 'prioritized'), '0', '-1')
  return { jobs, letters: letters.map((letter) => letter.slice(letter.indexOf('~') + 1)) }
}

async function countEvents(client: Redis, keys: PoolKeys) {
  const counts = {
    endings: new Map<string, number>(),
    returns: new Map<string, number>(),
    stalls: new Map<string, number>(),
    replays: new Map<string, number>(),
  }
  const add = (counter: Map<string, number>, id: string) => counter.set(id, (counter.get(id) ?? 0) + 1)
  for (const queue of QUEUES) {
    for await (const { event, jobId: id = '', prev } of readEvents(client, keys.queue(queue, 'events'))) {
      if (event === 'completed' || event === 'failed') add(counts.endings, id)
      if (event === 'waiting' && prev === 'active') add(counts.returns, id)
      if (event === 'waiting' && prev === 'failed') add(counts.replays, id)
      if (event === 'stalled') add(counts.stalls, id)
    }
  }
  return counts
}

async function* readEvents(client: Redis, stream: string): AsyncGenerator<Record<string, string | undefined>> {
  for (let from = '-'; ; ) {
    const page = await client.xrange(stream, from, '+', 'COUNT', EVENTS_PER_READ)
    for (const [, flat] of page) yield asObject(flat)
    if (page.length < EVENTS_PER_READ) return
    from = `(${page.at(-1)?.[0]}`
  }
}

function asObject(flat: readonly string[]): Record<string, string | undefined> {
  return Object.fromEntries(flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1]]] : [])))
}
