import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import type { Json } from '../workflow/json.ts'

export interface AuditEntry {
  /** Who: a person, or what a service calls itself. */
  readonly actor: string
  readonly action: string
  /** What it was done to, e.g. `workflow nightly-1` or `queue default`. */
  readonly subject: string
  /** How many: jobs enqueued, letters replayed. */
  readonly count: number
  readonly host: string
  readonly via: 'library' | 'cli' | 'http'
  readonly before?: Json
  readonly after?: Json
}

export interface AuditRecord extends AuditEntry {
  /** Grows with time; no two are the same. */
  readonly id: string
  /** ms since 1970, by the clock of the Redis. */
  readonly at: number
}

export interface AuditFilter {
  readonly actor?: string
  readonly action?: string
  /** Only what was done within this time, ms. */
  readonly newerThanMs?: number
}

/** Older entries make room for newer ones beyond so many: some 30 MB. */
export const AUDIT_ENTRIES = 100_000
const ENTRIES_PER_READ = 500

/** The arguments of XADD for an entry, for scripts that write it together with what it tells. */
export const auditFields = ({ actor, action, subject, count, host, via, before, after }: AuditEntry): string[] => [
  ...['actor', actor, 'action', action, 'subject', subject, 'count', `${count}`, 'host', host, 'via', via],
  ...(before === undefined ? [] : ['before', JSON.stringify(before)]),
  ...(after === undefined ? [] : ['after', JSON.stringify(after)]),
]

/** Cost: one short command; who need not know that it is written may leave the promise. */
export async function appendAudit(client: Redis, keys: PoolKeys, entry: AuditEntry): Promise<void> {
  await client.xadd(keys.audit, 'MAXLEN', '~', AUDIT_ENTRIES, '*', ...auditFields(entry))
}

/** The entries that match, the newest first, read in pages. */
export async function* scanAudit(
  client: Redis,
  keys: PoolKeys,
  { actor, action, newerThanMs }: AuditFilter = {},
  now: number = Date.now(),
): AsyncGenerator<AuditRecord> {
  const oldest = newerThanMs === undefined ? '-' : `${Math.max(0, now - newerThanMs)}`
  let newest = '+'
  for (;;) {
    const page = await client.xrevrange(keys.audit, newest, oldest, 'COUNT', ENTRIES_PER_READ)
    for (const [id, fields] of page) {
      const record = recordOf(id, fields)
      if ((actor === undefined || record.actor === actor) && (action === undefined || record.action === action)) {
        yield record
      }
    }
    if (page.length < ENTRIES_PER_READ) return
    newest = `(${page.at(-1)?.[0]}`
  }
}

function recordOf(id: string, list: readonly string[]): AuditRecord {
  const fields = new Map<string, string>()
  for (let i = 0; i < list.length; i += 2) fields.set(list[i] as string, list[i + 1] as string)
  const text = (name: string) => fields.get(name) ?? ''
  const json = (name: 'before' | 'after') =>
    fields.has(name) ? { [name]: JSON.parse(text(name)) as Json } : ({} as { before?: Json; after?: Json })
  return {
    id,
    at: Number(id.split('-')[0]),
    actor: text('actor'),
    action: text('action'),
    subject: text('subject'),
    count: Number(text('count')),
    host: text('host'),
    via: text('via') as AuditEntry['via'],
    ...json('before'),
    ...json('after'),
  }
}
