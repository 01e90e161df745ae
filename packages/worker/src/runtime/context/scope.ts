import {
  appendChunks,
  type JobDefinition,
  type Json,
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
import type { Needs } from '../input.ts'
import type { Room } from '../room.ts'
import { toJson } from '../to-json.ts'
import { createCheckpoint } from './checkpoint.ts'
import { createEmitter } from './emitter.ts'
import { createOnce, idempotencyKeys } from './once.ts'
import { createWorkflowContext } from './workflow-context.ts'

/** What a handler is given, and what became of it. */
export interface Scope {
  readonly ctx: TaskContext
  readonly spawned: boolean
  /** Sends what was emitted and waits to be sent. Call it when the handler has ended, however it did. */
  end(): Promise<void>
}

/**
 * Makes the context of one attempt. Once the signal is aborted, everything in it that would write refuses with the
 * signal's reason: a handler that runs on must not change a job that may be somebody else's by now.
 */
export function createScope(attempt: Attempt, task: Task, input: unknown, needs: Needs, room: Room): Scope {
  const { client, keys, tasks, guards } = room
  const { job, signal, number } = attempt
  const { workflow, workflowName, job: name } = job.data
  const kept = once(() => keptByJob(client, keys, attempt, room.maxKeptBytes))
  const keyOf = once(() => idempotencyKeys(attempt, room))
  const effects = once(() => createOnce(attempt, kept(), keyOf()))
  const checkpoint = once(() => createCheckpoint(attempt, kept()))
  const shared = once(() => createWorkflowContext(attempt, keptByWorkflow(client, keys, attempt, room.maxKeptBytes)))
  let emitter: ReturnType<typeof createEmitter> | undefined
  let spawned = false

  function heartbeat(): void {
    signal.throwIfAborted()
    attempt.beat()
  }

  async function progress(value: number | Json): Promise<void> {
    heartbeat()
    const json = toJson(value)
    if (!json.ok) throw new TypeError(`progress takes plain data: ${json.problems.join('; ')}`)
    await reportProgress(client, keys, attempt, json.value)
  }

  async function spawn(jobs: Readonly<Record<string, JobDefinition>>): Promise<void> {
    heartbeat()
    const pool = new Map<string, { readonly queue: string }>(await knownTasks(client, keys))
    for (const task of tasks.all) pool.set(task.name, { queue: task.queue })
    const planned = await spawnPlan(name, jobs, { tasks: pool, priority: job.data.priority ?? 'normal' })
    if (!planned.ok) {
      const problems = planned.issues.map(({ path, message }) => `${path.join('.')}: ${message}`).join('; ')
      throw new MillraceError('MILLRACE_SPAWN_REFUSED', `The jobs to spawn were refused: ${problems}`, {
        issues: planned.issues,
      })
    }
    await spawnJobs(client, keys, attempt, planned.jobs)
    spawned = true
  }

  function resource(resourceName: string): ResourceHandle {
    guards.require(attempt, task, resourceName)
    const { trace } = attempt
    if (!trace) return { execute: (call) => guards.call(attempt, resourceName, call) }
    return { execute: (call) => trace.call(resourceName, () => guards.call(attempt, resourceName, call)) }
  }

  return {
    ctx: {
      input,
      needs,
      signal,
      attempt: number,
      fencingToken: job.attemptsStarted,
      workflow: { id: workflow, name: workflowName },
      job: { id: job.id as string, name },
      get log() {
        return attempt.log
      },
      heartbeat,
      progress,
      spawn,
      get checkpoint() {
        return checkpoint()
      },
      get once() {
        return effects()
      },
      get step() {
        return effects()
      },
      get idempotencyKey() {
        return keyOf()
      },
      get context() {
        return shared()
      },
      get emit() {
        emitter ??= createEmitter(attempt, (chunks) => appendChunks(client, keys, attempt, chunks))
        return emitter.emit
      },
      similar: undefined,
      resource,
    },
    get spawned() {
      return spawned
    },
    end: async () => emitter?.end(),
  }
}

/** Most handlers use little of their context: what costs something is made when it is asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined
  return () => {
    made ??= make()
    return made
  }
}
