import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Circumstances } from './facts.ts'
import { type Alike, frontierGroups } from './frontier.ts'
import { jobReasons } from './job.ts'
import { readJobFacts } from './read-job.ts'
import { type PoolRead, readCircumstances } from './read-pool.ts'
import type { FrontierGroup } from './reason.ts'
import type { DeadJob } from './workflow.ts'

const frontierScript = readScript<[jobs: number, rows: string[]]>(new URL('./frontier.lua', import.meta.url))

const JOBS_PER_CALL = 500
const MOST_JOBS = 20_000
/** Kinds of jobs that are looked at closely: one of each. */
const MOST_KINDS = 40
const DEAD_NAMED = 20

/** `job` of `<queue>:<workflow>.<job>`. */
const nameOf = (suffix: string, workflow: string) => suffix.slice(suffix.indexOf(':') + 1 + workflow.length + 1)

interface Kind {
  readonly suffix: string
  jobs: number
  readonly names: string[]
}

/** Jobs of a workflow that could be next, grouped by what keeps them, and some of the dead ones. Cost: 10 us of Redis per job, in calls of 5 ms. */
export async function readFrontier(
  client: Redis,
  keys: PoolKeys,
  pool: PoolRead,
  id: string,
  workflow: Circumstances['workflow'],
): Promise<{ groups: FrontierGroup[]; dead: DeadJob[]; complete: boolean }> {
  const kinds = new Map<string, Kind>()
  const dead: DeadJob[] = []
  let from = 0
  for (; from < MOST_JOBS; from += JOBS_PER_CALL) {
    const [jobs, rows] = await frontierScript(client, [keys.jobs(id)], [keys.prefix, from, from + JOBS_PER_CALL - 1])
    for (let i = 0; i < rows.length; i += 4) {
      const row = rows.slice(i, i + 4)
      if (row[1] !== 'dead') note(kinds, id, row)
      else if (dead.length < DEAD_NAMED)
        dead.push({ job: nameOf(row[0] as string, id), code: row[3] || 'MILLRACE_TASK_FAILED' })
    }
    if (jobs < JOBS_PER_CALL) break
  }
  const largest = [...kinds.values()].toSorted((a, b) => b.jobs - a.jobs).slice(0, MOST_KINDS)
  const parts = await Promise.all(largest.map((kind) => explain(client, keys, pool, kind, workflow)))
  return {
    dead,
    groups: frontierGroups(parts.filter((part) => part !== undefined)),
    complete: from < MOST_JOBS && kinds.size <= MOST_KINDS,
  }
}

function note(kinds: Map<string, Kind>, id: string, row: readonly string[]): void {
  const [suffix = '', state, task, lot] = row
  const at = suffix.indexOf(':')
  const key = [suffix.slice(0, at), state, task, lot].join('\n')
  const known = kinds.get(key) ?? { suffix, jobs: 0, names: [] }
  known.jobs++
  if (known.names.length < 5) known.names.push(nameOf(suffix, id))
  kinds.set(key, known)
}

async function explain(
  client: Redis,
  keys: PoolKeys,
  pool: PoolRead,
  { suffix, jobs, names }: Kind,
  workflow: Circumstances['workflow'],
): Promise<Alike | undefined> {
  const at = suffix.indexOf(':')
  const read = await readJobFacts(client, keys, suffix.slice(0, at), suffix.slice(at + 1))
  if (!read) return undefined
  const circumstances = await readCircumstances(client, keys, pool, read.job, workflow)
  const [reason] = jobReasons(read.job, circumstances).reasons
  return reason && { reason, jobs, names }
}
