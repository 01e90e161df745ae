import { type KnownTasks, refusedInputs } from './checks/tasks.ts'
import type { JobDefinition } from './definition.ts'
import { draftWorkflow } from './draft.ts'
import { topologicalOrder } from './graph/order.ts'
import type { Issue } from './issue.ts'
import { issuesInOrder } from './issues-in-order.ts'
import type { Json } from './json.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import type { PlannedJob } from './plan.ts'
import { loadReaders } from './readers.ts'
import { isPlain, type Part, printTemplate, readTemplate } from './references/template.ts'
import { replaceTexts } from './references/walk.ts'
import type { Level } from './states.ts'

export interface SpawnOptions {
  /** Of jobs that name none: that of the job that spawns them. */
  readonly priority?: Level
  readonly tasks?: KnownTasks
  readonly limits?: Partial<Limits>
}

export type SpawnPlanning =
  | { readonly ok: true; readonly jobs: readonly PlannedJob[] }
  /** Paths begin with the job's name as the handler wrote it. */
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Plans the jobs that a running job adds to its workflow. The rules are those of a workflow's jobs, with two more: needs
 * name only jobs of the same call, and there are no inputs (a handler has its own).
 *
 * @returns jobs called `<parent>.<name>`, in topological order, their needs and references with the same full names.
 */
export async function spawnPlan(
  parent: string,
  jobs: Readonly<Record<string, JobDefinition>>,
  options: SpawnOptions = {},
): Promise<SpawnPlanning> {
  const tasks = options.tasks ?? new Map()
  const { shapeFindings } = await loadReaders()
  const draft = draftWorkflow(
    { name: 'spawned', jobs },
    {
      inputs: undefined,
      tasks,
      shapeFindings,
      limits: { ...DEFAULT_LIMITS, ...options.limits },
      defaults: () => ({
        priority: options.priority ?? 'normal',
        queueOf: (task) => tasks.get(task)?.queue,
        startDelayMs: 0,
      }),
    },
  )
  // a handler may find that there is nothing to do
  const flaws = draft.findings.filter(({ code }) => code !== 'MILLRACE_WORKFLOW_EMPTY')
  const findings = [...flaws, ...(await refusedInputs(draft.jobs, tasks))]
  if (findings.length > 0) {
    const local = findings.map((finding) => ({ ...finding, path: finding.path.slice(1) }))
    return { ok: false, issues: issuesInOrder(local, undefined) }
  }
  return { ok: true, jobs: topologicalOrder(draft.jobs).map((job) => underParent(job, parent)) }
}

function underParent(job: PlannedJob, parent: string): PlannedJob {
  const full = (name: string) => `${parent}.${name}`
  const rename = (template: Json): Json =>
    replaceTexts(template, (text) =>
      isPlain(text) ? text : printTemplate(readTemplate(text).map((part) => renamed(part, full))),
    )
  return {
    ...job,
    name: full(job.name),
    needs: job.needs.map(full),
    with: job.with === undefined ? undefined : rename(job.with),
    foreach: job.foreach === undefined ? undefined : (rename(job.foreach) as string | readonly Json[]),
  }
}

function renamed(part: Part, full: (name: string) => string): Part {
  if (part.kind !== 'reference' || part.reference.root !== 'needs') return part
  return { ...part, reference: { ...part.reference, job: full(part.reference.job) } }
}
