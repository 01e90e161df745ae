import type { Estimates } from '../scheduling/durations.ts'
import { deadlineFindings } from './checks/deadline.ts'
import { nameFindings } from './checks/names.ts'
import { type KnownTasks, refusedInputs } from './checks/tasks.ts'
import type { WorkflowDefinition } from './definition.ts'
import { type Draft, draftWorkflow } from './draft.ts'
import { MAX_DURATION_MS } from './duration.ts'
import { type Finding, showValue } from './finding.ts'
import { topologicalOrder } from './graph/order.ts'
import type { Issue } from './issue.ts'
import { issuesInOrder } from './issues-in-order.ts'
import { DEFAULT_LIMITS, type Limits } from './limits.ts'
import { durationMs, type JobDefaults } from './normalise.ts'
import type { Plan } from './plan.ts'
import { loadReaders, type Readers } from './readers.ts'
import type { TextReading } from './reading/text.ts'
import { type FailurePolicy, LEVELS, type Level } from './states.ts'

export interface PlanOptions {
  /** Replace the workflow's own inputs. One that it neither declares nor uses is refused. */
  readonly inputs?: WorkflowDefinition['inputs']
  /** Replaces the workflow's priority; jobs that name their own keep it. */
  readonly priority?: Level
  /** Replaces the workflow's tenant. */
  readonly tenant?: string
  /** Milliseconds before the jobs without needs may start, added to their own delay. */
  readonly delayMs?: number
  /** The tasks of the pool. Without them, or with none, tasks and inputs are not checked. */
  readonly tasks?: KnownTasks
  readonly limits?: Partial<Limits>
  /** How long attempts of a task usually take, ms, for jobs that do not say so. */
  readonly estimates?: Estimates
  /** Refuses a deadline that cannot be met. Default: that is a warning. */
  readonly strictDeadline?: boolean
}

export type Planning =
  | { readonly ok: true; readonly plan: Plan; readonly warnings: readonly Issue[] }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Turns a workflow, as YAML, JSON or an object, into a plan that can be submitted, or into everything that is wrong
 * with it: by line in a text, by path in an object. Never throws, whatever it is given.
 *
 * Cost: O(size). 10,000 small jobs take about 0.2 s as an object or JSON; as YAML, whose parser is slow, nearly a second.
 */
export async function planWorkflow(source: string | WorkflowDefinition, options: PlanOptions = {}): Promise<Planning> {
  const { reading, draft } = read(source, options, await loadReaders())
  if (!draft) return reading
  const refused = options.tasks ? await refusedInputs(draft.jobs, options.tasks) : []
  return conclude(reading, draft, refused, options)
}

/** The same without asking the schemas of tasks, at once. */
export function readWorkflow(
  readers: Readers,
  source: string | WorkflowDefinition,
  options: PlanOptions = {},
): Planning {
  const { reading, draft } = read(source, options, readers)
  return draft ? conclude(reading, draft, [], options) : reading
}

type Readable = Extract<TextReading, { ok: true }>
type Unreadable = Extract<TextReading, { ok: false }>

function read(
  source: unknown,
  options: PlanOptions,
  { readText, shapeFindings }: Readers,
): { reading: Unreadable; draft?: undefined } | { reading: Readable; draft: Draft } {
  const limits = { ...DEFAULT_LIMITS, ...options.limits }
  const reading: TextReading =
    typeof source === 'string'
      ? readText(source, limits)
      : { ok: true, value: source, findings: [], locate: () => undefined }
  if (!reading.ok) return { reading }
  const tasks = options.tasks ?? new Map()
  const defaults = (workflow: Draft['workflow']): JobDefaults => ({
    priority: options.priority ?? (workflow.priority as Level | undefined) ?? 'normal',
    queueOf: (task) => tasks.get(task)?.queue,
    startDelayMs: options.delayMs ?? 0,
  })
  return {
    reading,
    draft: draftWorkflow(reading.value, { inputs: options.inputs, tasks, limits, defaults, shapeFindings }),
  }
}

function conclude(reading: Readable, draft: Draft, refused: readonly Finding[], options: PlanOptions): Planning {
  const findings = [...reading.findings, ...draft.findings, ...optionFindings(options), ...refused]
  if (findings.length > 0) return { ok: false, issues: issuesInOrder(findings, reading.locate) }
  const { workflow, inputs, jobs } = draft
  const tenant = options.tenant ?? (workflow.tenant as string | undefined)
  const plan: Plan = {
    name: workflow.name as string,
    priority: options.priority ?? (workflow.priority as Level | undefined) ?? 'normal',
    onFailure: (workflow.onFailure as FailurePolicy | undefined) ?? 'skip',
    ...(tenant !== undefined && { tenant }),
    deadlineMs: durationMs(workflow.deadline),
    inputs,
    jobs: topologicalOrder(jobs),
  }
  const doubts = issuesInOrder(deadlineFindings(plan, options.estimates ?? new Map()), reading.locate)
  return options.strictDeadline && doubts.length > 0
    ? { ok: false, issues: doubts }
    : { ok: true, plan, warnings: doubts }
}

function optionFindings({ priority, tenant, delayMs }: PlanOptions): Finding[] {
  const findings: Finding[] = []
  if (tenant !== undefined) findings.push(...nameFindings(tenant, ['tenant'], 'elsewhere', true))
  if (priority !== undefined && !LEVELS.includes(priority)) {
    const message = `The priority of the submission must be one of ${LEVELS.join(', ')}; received ${showValue(priority)}.`
    findings.push({ code: 'MILLRACE_WORKFLOW_SHAPE', message, path: ['priority'], at: 'elsewhere' })
  }
  if (delayMs !== undefined && !(Number.isInteger(delayMs) && delayMs >= 0 && delayMs <= MAX_DURATION_MS)) {
    const message = `The delay of the submission must be whole milliseconds from 0 to ${MAX_DURATION_MS} (365 days); received ${showValue(delayMs)}.`
    findings.push({ code: 'MILLRACE_DURATION', message, path: ['delayMs'], at: 'elsewhere' })
  }
  return findings
}
