import type { Redis } from 'ioredis'
import type { JobData } from '../engine/job-data.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Json } from '../workflow/json.ts'
import {
  type FailurePolicy,
  type JobState,
  type Level,
  type Trigger,
  WORKFLOW_STATES,
  type WorkflowState,
} from '../workflow/states.ts'
import type { JobView, WorkflowSummary, WorkflowView } from './views.ts'

const viewScript = readScript<string[][]>(new URL('./view.lua', import.meta.url))

const JOBS_PER_PAGE = 200
/** Larger outputs are left out of a view: it is for looking, not for moving data. */
const LARGEST_OUTPUT_BYTES = 4_096

/** The header of a workflow, or `undefined` when there is none. Cost: one read. */
export async function readSummary(client: Redis, keys: PoolKeys, id: string): Promise<WorkflowSummary | undefined> {
  const fields = await client.hgetall(keys.workflow(id))
  return fields['state'] ? summaryOf(id, fields) : undefined
}

/** A workflow with all its jobs. Each page is one moment; a large workflow may change between pages. */
export async function readView(client: Redis, keys: PoolKeys, id: string): Promise<WorkflowView | undefined> {
  const summary = await readSummary(client, keys, id)
  if (!summary) return undefined
  const jobs: JobView[] = []
  for (let from = 0; ; from += JOBS_PER_PAGE) {
    const range = [keys.prefix, from, from + JOBS_PER_PAGE - 1, LARGEST_OUTPUT_BYTES]
    const rows = await viewScript(client, [keys.jobs(id)], range)
    jobs.push(...rows.map((row) => jobOf(id, row)))
    if (rows.length < JOBS_PER_PAGE) break
  }
  return { ...summary, jobList: inOrder(jobs) }
}

/** The job that stands at `index` in the list of a workflow's jobs, with values up to `largestBytes`. */
export async function readJob(
  client: Redis,
  keys: PoolKeys,
  id: string,
  index: number,
  largestBytes: number,
): Promise<JobView | undefined> {
  const [row] = await viewScript(client, [keys.jobs(id)], [keys.prefix, index, index, largestBytes])
  return row && jobOf(id, row)
}

/** The newest workflows first. */
export async function listWorkflows(
  client: Redis,
  keys: PoolKeys,
  filter: { readonly state?: WorkflowState; readonly name?: string; readonly limit?: number } = {},
): Promise<WorkflowSummary[]> {
  const limit = filter.limit ?? 20
  const states = filter.state ? [filter.state] : WORKFLOW_STATES
  const most = filter.name ? -1 : limit - 1
  const found: { id: string; at: number }[] = []
  for (const state of states) {
    const flat = await client.zrevrange(keys.index(state), 0, most, 'WITHSCORES')
    for (let i = 0; i < flat.length; i += 2) found.push({ id: flat[i] as string, at: Number(flat[i + 1]) })
  }
  found.sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))
  const summaries: WorkflowSummary[] = []
  for (const { id } of found) {
    if (summaries.length >= limit) break
    const summary = await readSummary(client, keys, id)
    if (summary && (filter.name === undefined || summary.name === filter.name)) summaries.push(summary)
  }
  return summaries
}

function summaryOf(id: string, fields: Record<string, string>): WorkflowSummary {
  const number = (field: string) => Number(fields[field] ?? 0)
  const [total, open, waiting, dead] = [number('total'), number('open'), number('waiting'), number('dead')]
  const [skipped, cancelled] = [number('skipped'), number('cancelled')]
  const state = fields['state'] as WorkflowState
  return {
    id,
    name: fields['name'] ?? '',
    state,
    held: fields['onFailure'] === 'hold' && state === 'running' && dead > 0 && open > 0 && waiting === open,
    paused: fields['pausedAt'] !== undefined && (state === 'running' || state === 'loading'),
    priority: fields['priority'] as Level,
    onFailure: fields['onFailure'] as FailurePolicy,
    jobs: {
      total,
      waiting,
      runnable: open - waiting,
      succeeded: total - open - dead - skipped - cancelled,
      dead,
      skipped,
      cancelled,
    },
    submittedAt: number('submittedAt'),
    finishedAt: fields['finishedAt'] ? number('finishedAt') : undefined,
    ...(fields['rerunOf'] && { rerunOf: { id: fields['rerunOf'], from: fields['rerunFrom'] ?? '' } }),
    ...(fields['reruns'] && { reruns: fields['reruns'].split(' ') }),
  }
}

function jobOf(workflow: string, row: readonly string[]): JobView {
  const [suffix = '', state, task = '', when, data = '{}', attempts, worker, startedAt, finishedAt] = row
  const [progress, output, message, code, carried] = row.slice(9)
  const { needs = {}, estimateMs } = JSON.parse(data) as Partial<JobData>
  const at = suffix.indexOf(':')
  const job: JobView = {
    name: suffix.slice(at + 1 + workflow.length + 1),
    task,
    queue: suffix.slice(0, at),
    state: state as JobState,
    needs: Object.keys(needs),
    when: (when || 'succeeded') as Trigger,
    attempts: Number(attempts),
    worker: worker || undefined,
    ...(estimateMs !== undefined && { estimateMs }),
    startedAt: startedAt ? Number(startedAt) : undefined,
    finishedAt: finishedAt ? Number(finishedAt) : undefined,
    progress: progress ? (JSON.parse(progress) as Json) : undefined,
    output: output && state === 'succeeded' ? (JSON.parse(output) as Json) : undefined,
    error: message ? { code: code || 'MILLRACE_TASK_FAILED', message } : undefined,
    ...(carried && { carriedFrom: carried }),
  }
  return job
}

/** Needs before dependents; what a job spawned stands after it. The engine stores jobs the other way round. */
function inOrder(jobs: readonly JobView[]): JobView[] {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const spawned = new Map<string, JobView[]>()
  for (const job of jobs) {
    const spawner = job.name.slice(0, Math.max(0, job.name.lastIndexOf('.')))
    if (byName.has(spawner)) spawned.set(spawner, [...(spawned.get(spawner) ?? []), job])
  }
  const ordered = new Set<JobView>()
  const place = (job: JobView) => {
    if (ordered.has(job)) return
    ordered.add(job)
    for (const child of (spawned.get(job.name) ?? []).toSorted(byNumber)) place(child)
  }
  for (const job of jobs.toReversed()) if (!isSpawned(job, byName)) place(job)
  for (const job of jobs) place(job)
  return [...ordered]
}

const isSpawned = (job: JobView, byName: ReadonlyMap<string, JobView>) =>
  byName.has(job.name.slice(0, Math.max(0, job.name.lastIndexOf('.'))))

const byNumber = (a: JobView, b: JobView) => a.name.localeCompare(b.name, 'en', { numeric: true })
