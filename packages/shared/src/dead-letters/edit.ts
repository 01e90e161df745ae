import type { Redis } from 'ioredis'
import { AUDIT_ENTRIES, type AuditEntry, auditFields } from '../audit/audit.ts'
import type { JobData } from '../engine/job-data.ts'
import { DEAD_LETTERS, type PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Json } from '../workflow/json.ts'

const editScript = readScript<number>(new URL('./edit.lua', import.meta.url))

/** A letter's input before and after, and the letter it was read from. Nothing is written yet. */
export interface Edit {
  readonly id: string
  readonly task: string
  readonly before: Json
  readonly after: Json
  readonly read: string
}

/** What `change` makes of the input of a letter; `undefined` when there is no such letter. */
export async function prepareEdit(
  client: Redis,
  keys: PoolKeys,
  id: string,
  change: (input: Json) => Json,
): Promise<Edit | undefined> {
  const read = await client.hget(keys.job(DEAD_LETTERS, id), 'data')
  if (!read) return undefined
  const { task, data } = JSON.parse(read) as { task: string; data: Partial<JobData> | null }
  const before = data?.with ?? null
  return { id, task, before, after: change(structuredClone(before)), read }
}

export type EditOutcome = 'edited' | 'gone' | 'being-replayed' | 'job-gone'

const OUTCOMES: Readonly<Record<number, EditOutcome>> = { 1: 'edited', [-1]: 'being-replayed', [-2]: 'job-gone' }

/** Writes an edit and its entry in the audit log together. `gone`: the letter was replayed, discarded or edited meanwhile. */
export async function writeEdit(
  client: Redis,
  keys: PoolKeys,
  { id, before, after, read }: Edit,
  author: Pick<AuditEntry, 'actor' | 'host' | 'via'>,
): Promise<EditOutcome> {
  const letter = JSON.parse(read) as { data: object | null }
  const data = { ...letter.data, with: after }
  const entry = { ...author, action: 'edit', subject: `dead letter ${id}`, count: 1, before, after }
  const code = await editScript(
    client,
    [keys.job(DEAD_LETTERS, id), `${keys.prefix}:${id.replace('~', ':')}`, keys.replays, keys.audit],
    [id, read, JSON.stringify({ ...letter, data }), JSON.stringify(data), AUDIT_ENTRIES, ...auditFields(entry)],
  )
  return OUTCOMES[code] ?? 'gone'
}
