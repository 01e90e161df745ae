import type { Redis } from 'ioredis'
import type { Severity } from '../errors/catalogue.ts'
import type { PoolKeys } from '../redis/keys.ts'

/** What the pool knows of all failures with one fingerprint. Times in ms since 1970. */
export interface FailureView {
  readonly fingerprint: string
  readonly task: string
  readonly code: string
  readonly severity: Severity
  readonly category: string
  /** The message without what changes from one failure to the next. */
  readonly pattern: string
  /** The last message, as it was. */
  readonly message: string
  /** `function@folder/file` in the user's code, or empty. */
  readonly frame: string
  /** Attempts that failed so. */
  readonly count: number
  /** How many of them were the last of their job. */
  readonly dead: number
  /** Workflows hit, within about 1 %. */
  readonly workflows: number
  readonly firstSeenAt: number
  readonly lastSeenAt: number
  /** Versions of the workers that saw it first and last. */
  readonly firstVersion: string
  readonly lastVersion: string
  /** When somebody was last told, and how often. */
  readonly escalatedAt: number | undefined
  readonly escalations: number
}

export interface FailureFilter {
  readonly task?: string
  readonly code?: string
  /** Default 50. */
  readonly limit?: number
}

const RECORDS_PER_READ = 100

/** Failures by fingerprint, the last seen first. Two round trips per hundred. */
export async function failures(client: Redis, keys: PoolKeys, filter: FailureFilter = {}): Promise<FailureView[]> {
  const { task, code, limit = 50 } = filter
  const found: FailureView[] = []
  for (let from = 0; found.length < limit; from += RECORDS_PER_READ) {
    const ids = await client.zrevrange(keys.failures, from, from + RECORDS_PER_READ - 1)
    if (ids.length === 0) break
    const known = await readFailures(client, keys, ids)
    for (const id of ids) {
      const view = known.get(id)
      if (view && (task === undefined || view.task === task) && (code === undefined || view.code === code)) {
        found.push(view)
      }
    }
  }
  return found.slice(0, limit)
}

/** What is known of these fingerprints, by fingerprint. One round trip per hundred. */
export async function readFailures(
  client: Redis,
  keys: PoolKeys,
  ids: readonly string[],
): Promise<ReadonlyMap<string, FailureView>> {
  const found = new Map<string, FailureView>()
  for (let from = 0; from < ids.length; from += RECORDS_PER_READ) {
    const page = ids.slice(from, from + RECORDS_PER_READ)
    const pipeline = client.pipeline()
    for (const id of page) pipeline.hgetall(keys.failure(id)).pfcount(keys.failureWorkflows(id))
    const replies = (await pipeline.exec()) ?? []
    for (const [index, id] of page.entries()) {
      const record = replies[2 * index]?.[1] as Record<string, string> | undefined
      const view = record && viewOf(id, record, Number(replies[2 * index + 1]?.[1]))
      if (view) found.set(id, view)
    }
  }
  return found
}

/** One fingerprint; `undefined` when nothing is known of it (any more). */
export async function readFailure(client: Redis, keys: PoolKeys, id: string): Promise<FailureView | undefined> {
  return viewOf(id, await client.hgetall(keys.failure(id)), await client.pfcount(keys.failureWorkflows(id)))
}

function viewOf(id: string, record: Readonly<Record<string, string>>, workflows: number): FailureView | undefined {
  if (record['task'] === undefined) return undefined
  const text = (name: string) => record[name] ?? ''
  const number = (name: string) => Number(record[name] ?? 0)
  return {
    fingerprint: id,
    task: text('task'),
    code: text('code'),
    severity: text('severity') as Severity,
    category: text('category'),
    pattern: text('pattern'),
    message: text('message'),
    frame: text('frame'),
    count: number('count'),
    dead: number('dead'),
    workflows,
    firstSeenAt: number('firstSeenAt'),
    lastSeenAt: number('lastSeenAt'),
    firstVersion: text('firstVersion'),
    lastVersion: text('lastVersion'),
    escalatedAt: record['escalatedAt'] === undefined ? undefined : number('escalatedAt'),
    escalations: number('escalations'),
  }
}
