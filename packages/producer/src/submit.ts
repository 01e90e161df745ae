import {
  type Dedup,
  ingest,
  type KnownTasks,
  knownTasks,
  MAX_DURATION_MS,
  MillraceError,
  type PoolKeys,
  planWorkflow,
  type Tracing,
  taskEstimates,
  type WorkflowDefinition,
  withWeights,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Actor } from './audit.ts'
import { breather } from './breathe.ts'
import type { ProducerOptions, Submission, SubmitOptions } from './contract.ts'
import { keep } from './kept.ts'
import { newId, requireId } from './workflow-id.ts'

/** Workers announce their tasks every few seconds; medians move slowly. */
const TASKS_KEPT_MS = 1_000
const ESTIMATES_KEPT_MS = 10_000

/** Workflows planned in one turn of the event loop: some 3 ms when they are small. */
const PLANNED_PER_TURN = 64

interface SubmitParts {
  readonly client: Redis
  readonly keys: PoolKeys
  /** Tasks with their schemas; none: what the workers say they have. */
  readonly checks: KnownTasks
  readonly weights: ProducerOptions['weights']
  readonly tracing: Tracing | undefined
  readonly by: Actor
}

/** Gives the function that submits a workflow: plan it, refuse it with all its problems, or write it. */
export function createSubmit({ client, keys, checks, weights: given, tracing, by }: SubmitParts) {
  const announced = keep(() => knownTasks(client, keys), TASKS_KEPT_MS)
  const measured = keep(() => taskEstimates(client, keys), ESTIMATES_KEPT_MS)
  const weights = withWeights(given ?? {})
  const breath = breather(PLANNED_PER_TURN)

  return async (
    workflow: WorkflowDefinition | string,
    { id, inputs, priority, tenant, delayMs, dedup, scheduling, strictDeadline }: SubmitOptions,
  ): Promise<Submission> => {
    const beganAt = Date.now()
    if (id !== undefined) requireId(id)
    if (dedup) requireDedup(dedup)
    await breath()
    const [tasks, estimates] = await Promise.all([checks.size > 0 ? checks : announced.get(), measured.get()])
    const options = {
      estimates,
      ...(strictDeadline !== undefined && { strictDeadline }),
      ...(inputs && { inputs }),
      ...(priority && { priority }),
      ...(tenant !== undefined && { tenant }),
      ...(delayMs !== undefined && { delayMs }),
    }
    let planned = await planWorkflow(workflow, { tasks, ...options })
    if (!planned.ok && checks.size === 0 && planned.issues.some(({ code }) => code === 'MILLRACE_TASK_NOT_IN_POOL')) {
      planned = await planWorkflow(workflow, { tasks: await announced.fresh(), ...options }) // a worker may be new
    }
    if (!planned.ok) {
      const [first] = planned.issues
      const count = planned.issues.length
      const message =
        count === 1 ? `${first?.message}` : `The workflow has ${count} problems; the first: ${first?.message}`
      throw new MillraceError(first?.code ?? 'MILLRACE_WORKFLOW_SHAPE', message, { issues: planned.issues })
    }
    const { plan, warnings } = planned
    const write = (trace?: string) =>
      ingest(client, keys, plan, {
        id: id ?? newId(plan.name),
        estimates,
        weights,
        ...(scheduling && { scheduling }),
        ...(dedup && { dedup }),
        trace,
        by,
      })
    const facts = { name: plan.name, jobs: plan.jobs.length, beganAt }
    const submitted = await (tracing ? tracing.submit(facts, write) : write())
    return { ...submitted, name: plan.name, jobs: plan.jobs.length, warnings }
  }
}

function requireDedup({ key, ttlMs }: Dedup): void {
  if (/^[\x20-\x7e]{1,200}$/.test(key) && Number.isInteger(ttlMs) && ttlMs >= 1 && ttlMs <= MAX_DURATION_MS) return
  throw new MillraceError(
    'MILLRACE_USAGE',
    `The key of deduplication is ${JSON.stringify(key)} for ${ttlMs} ms; use 1 to 200 printable ASCII characters, for 1 ms to 365 days.`,
  )
}
