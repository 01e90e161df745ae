import {
  appendChunks,
  type JobDefinition,
  keptByJob,
  keptByWorkflow,
  knownTasks,
  MillraceError,
  type ResourceHandle,
  reportProgress,
  spawnJobs,
  spawnPlan,
  type Task,
  type TaskContext,
} from '@millrace/shared'
import type { Attempt } from '../attempt.ts'
import type { Room } from '../room.ts'
import { toJson } from '../to-json.ts'
import { createCheckpoint } from './checkpoint.ts'
import { createEmitter, type Emitter } from './emitter.ts'
import { createOnce, idempotencyKeys } from './once.ts'
import { createWorkflowContext } from './workflow-context.ts'

/** What a context is made of, part by part. */
export type Made = Pick<
  TaskContext,
  'heartbeat' | 'progress' | 'spawn' | 'checkpoint' | 'once' | 'idempotencyKey' | 'context' | 'resource'
> & { readonly emitter: Emitter }

type Make<Member> = (attempt: Attempt, room: Room, task: Task, scope: { spawned: boolean }) => Member

/** How each part is made. Functions, not methods: a handler may take them out of its context. */
export const MEMBERS: { readonly [Name in keyof Made]: Make<Made[Name]> } = {
  heartbeat: (attempt) => () => alive(attempt),
  progress: createProgress,
  spawn: createSpawn,
  checkpoint: (attempt, { client, keys, maxKeptBytes }) =>
    createCheckpoint(attempt, keptByJob(client, keys, attempt, maxKeptBytes)),
  once: (attempt, room) =>
    createOnce(attempt, keptByJob(room.client, room.keys, attempt, room.maxKeptBytes), idempotencyKeys(attempt, room)),
  idempotencyKey: idempotencyKeys,
  context: (attempt, { client, keys, maxKeptBytes }) =>
    createWorkflowContext(attempt, keptByWorkflow(client, keys, attempt, maxKeptBytes)),
  emitter: (attempt, { client, keys }) =>
    createEmitter(attempt, (chunks) => appendChunks(client, keys, attempt, chunks)),
  resource: createResource,
}

function alive(attempt: Attempt): void {
  attempt.throwIfAborted()
  attempt.beat()
}

function createProgress(attempt: Attempt, { client, keys }: Room): TaskContext['progress'] {
  return async (value) => {
    alive(attempt)
    const json = toJson(value)
    if (!json.ok) throw new TypeError(`progress takes plain data: ${json.problems.join('; ')}`)
    await reportProgress(client, keys, attempt, json.value)
  }
}

function createSpawn(
  attempt: Attempt,
  { client, keys, tasks }: Room,
  _task: Task,
  scope: { spawned: boolean },
): TaskContext['spawn'] {
  return async (jobs: Readonly<Record<string, JobDefinition>>) => {
    alive(attempt)
    const { job: name, priority = 'normal' } = attempt.job.data
    const pool = new Map<string, { readonly queue: string }>(await knownTasks(client, keys))
    for (const task of tasks.all) pool.set(task.name, { queue: task.queue })
    const planned = await spawnPlan(name, jobs, { tasks: pool, priority })
    if (!planned.ok) {
      const problems = planned.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
      throw new MillraceError('MILLRACE_SPAWN_REFUSED', `The jobs to spawn were refused: ${problems}`, {
        issues: planned.issues,
      })
    }
    await spawnJobs(client, keys, attempt, planned.jobs)
    scope.spawned = true
  }
}

function createResource(attempt: Attempt, { guards }: Room, task: Task): TaskContext['resource'] {
  return (name: string): ResourceHandle => {
    guards.require(attempt, task, name)
    const { trace } = attempt
    if (!trace) return { execute: (call) => guards.call(attempt, name, call) }
    return { execute: (call) => trace.call(name, () => guards.call(attempt, name, call)) }
  }
}
