import type { Redis } from 'ioredis'
import type { JobData } from '../engine/job-data.ts'
import { jobId } from '../engine/job-data.ts'
import type { PoolKeys } from '../redis/keys.ts'
import type { Json } from '../workflow/json.ts'
import { readJob } from './status.ts'
import type { JobDetail } from './views.ts'

/** Longer values are told by their size: this is for looking, and a page must open. */
const LARGEST_VALUE_BYTES = 256 * 1024
const LOG_LINES = 1_000

/**
 * Everything that is known of one job, or `undefined` when there is none.
 *
 * Cost: one read of the names of the workflow's jobs, to find its queue, and three small ones.
 */
export async function readJobDetail(
  client: Redis,
  keys: PoolKeys,
  workflow: string,
  name: string,
): Promise<JobDetail | undefined> {
  const id = jobId(workflow, name)
  const suffixes = await client.lrange(keys.jobs(workflow), 0, -1)
  const at = suffixes.findIndex((suffix) => suffix.slice(suffix.indexOf(':') + 1) === id)
  const suffix = suffixes[at]
  if (suffix === undefined) return undefined
  const queue = suffix.slice(0, suffix.indexOf(':'))
  const [job, fields, kept, logs] = await Promise.all([
    readJob(client, keys, workflow, at, LARGEST_VALUE_BYTES),
    client.hmget(keys.job(queue, id), 'data', 'stacktrace', 'timestamp', 'skip'),
    client.hgetall(keys.kept(queue, id)),
    client.lrange(`${keys.job(queue, id)}:logs`, -LOG_LINES, -1),
  ])
  if (!job) return undefined
  const [data, stacks, submittedAt, skipped] = fields
  const { with: input } = JSON.parse(data ?? '{}') as Partial<JobData>
  return {
    ...job,
    id,
    input: shown(input),
    submittedAt: Number(submittedAt ?? 0),
    failures: stacks ? (JSON.parse(stacks) as string[]) : [],
    skippedBecause: skipped ?? undefined,
    checkpoint: parsed(kept['checkpoint']),
    effects: Object.keys(kept).flatMap((field) => (field.startsWith('once/') ? [field.slice('once/'.length)] : [])),
    logs,
  }
}

function shown(input: Json | undefined): Json | undefined {
  if (input === undefined) return undefined
  const bytes = Buffer.byteLength(JSON.stringify(input))
  return bytes <= LARGEST_VALUE_BYTES ? input : `(${bytes} bytes: too large to show here)`
}

const parsed = (text: string | undefined): Json | undefined =>
  text === undefined ? undefined : shown(JSON.parse(text) as Json)
