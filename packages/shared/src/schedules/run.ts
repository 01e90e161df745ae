import type { Redis } from 'ioredis'
import { ingest } from '../engine/ingest.ts'
import { MillraceError } from '../errors/millrace-error.ts'
import { taskEstimates } from '../estimates/estimates.ts'
import { knownTasks } from '../pool/heartbeat.ts'
import type { PoolKeys } from '../redis/keys.ts'
import { planWorkflow } from '../workflow/plan-workflow.ts'
import type { WorkflowState } from '../workflow/states.ts'
import type { RunOutcome, Schedule, ScheduleRun } from './schedule.ts'
import { slotWorkflow } from './slot.ts'

/**
 * Submits the workflow of a schedule for one slot, and notes what came of it. Repeated for the same slot, after a crash or by
 * two workers at once, it is the same workflow.
 *
 * @throws MillraceError MILLRACE_QUEUE_FULL or MILLRACE_TENANT_FULL: try again later.
 */
export async function runSchedule(
  client: Redis,
  keys: PoolKeys,
  schedule: Schedule,
  slotMs: number,
  now: () => number = Date.now,
): Promise<RunOutcome> {
  const { name, overlap } = schedule
  const id = slotWorkflow(name, slotMs)
  const note = async (outcome: RunOutcome, why = '') => {
    const workflow = outcome === 'submitted' ? { workflow: id } : {} // else that of an earlier run stays: it may still be at work
    await client.hset(keys.schedule(name), { slot: slotMs, at: now(), outcome, why, ...workflow })
    return outcome
  }

  if (await client.exists(keys.workflow(id))) return await note('submitted')
  const before = overlap === 'skip' ? await client.hget(keys.schedule(name), 'workflow') : null
  if (before && (await isOpen(client, keys, before))) return await note('skipped', `${before} has not ended`)

  const { inputs, priority } = schedule
  const planned = await planWorkflow(schedule.workflow, {
    tasks: await knownTasks(client, keys),
    ...(inputs && { inputs }),
    ...(priority && { priority }),
  })
  if (!planned.ok) return await note('refused', planned.issues.map(({ message }) => message).join(' '))
  try {
    await ingest(client, keys, planned.plan, { id, estimates: await taskEstimates(client, keys), now })
  } catch (error) {
    if (error instanceof MillraceError) await note('refused', error.message)
    if (error instanceof MillraceError && error.retryAfter === undefined) return 'refused'
    throw error
  }
  return await note('submitted')
}

async function isOpen(client: Redis, keys: PoolKeys, workflow: string): Promise<boolean> {
  const state = await client.hget(keys.workflow(workflow), 'state')
  return state === 'running' || state === 'loading'
}

/** What the last run of a schedule came to, or `undefined` when there was none. */
export async function lastRun(client: Redis, keys: PoolKeys, schedule: string): Promise<ScheduleRun | undefined> {
  const { slot, at, outcome, workflow, why } = await client.hgetall(keys.schedule(schedule))
  if (!slot) return undefined
  const submitted = outcome === 'submitted' ? workflow : undefined
  const state = submitted ? await client.hget(keys.workflow(submitted), 'state') : null
  return {
    slot: Number(slot),
    at: Number(at),
    outcome: outcome as RunOutcome,
    workflow: submitted,
    state: (state ?? undefined) as WorkflowState | undefined,
    why: why || undefined,
  }
}
