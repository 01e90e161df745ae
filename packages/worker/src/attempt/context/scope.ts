import type { Task, TaskContext } from '@millrace/shared'
import type { Attempt } from '../attempt.ts'
import type { Needs } from '../input.ts'
import type { Room } from '../room.ts'
import { type Made, MEMBERS } from './members.ts'

/** What a handler is given, and what became of it. */
export interface Scope {
  readonly ctx: TaskContext
  readonly spawned: boolean
  /** Whether anything was emitted: then its end must be awaited. */
  readonly emits: boolean
  /** Sends what was emitted and waits to be sent. Call it when the handler has ended, however it did. */
  end(): Promise<void>
}

/**
 * Makes the context of one attempt. Once the signal is aborted, everything in it that would write refuses with the
 * signal's reason: a handler that runs on must not change a job that may be somebody else's by now.
 */
export const createScope = (attempt: Attempt, task: Task, input: unknown, needs: Needs, room: Room): Scope =>
  new AttemptScope(attempt, task, input, needs, room)

/** Most handlers use little of their context: each of its members is made when it is first asked for. */
class AttemptScope implements Scope, TaskContext {
  readonly input: unknown
  readonly needs: Needs
  readonly similar = undefined
  spawned = false
  private readonly own: Attempt
  private readonly task: Task
  private readonly room: Room
  private members: Partial<Made> | undefined = undefined

  constructor(attempt: Attempt, task: Task, input: unknown, needs: Needs, room: Room) {
    this.own = attempt
    this.task = task
    this.room = room
    this.input = input
    this.needs = needs
  }

  private made<Name extends keyof Made>(name: Name): Made[Name] {
    this.members ??= {}
    this.members[name] ??= MEMBERS[name](this.own, this.room, this.task, this)
    return this.members[name] as Made[Name]
  }

  get ctx(): TaskContext {
    return this
  }
  get emits(): boolean {
    return this.members?.emitter !== undefined
  }
  async end(): Promise<void> {
    await this.members?.emitter?.end()
  }

  get signal() {
    return this.own.signal
  }
  get attempt() {
    return this.own.number
  }
  get fencingToken() {
    return this.own.job.attemptsStarted
  }
  get workflow() {
    const { workflow, workflowName } = this.own.job.data
    return { id: workflow, name: workflowName }
  }
  get job() {
    return { id: this.own.job.id as string, name: this.own.job.data.job }
  }
  get log() {
    return this.own.log
  }
  get heartbeat() {
    return this.made('heartbeat')
  }
  get progress() {
    return this.made('progress')
  }
  get spawn() {
    return this.made('spawn')
  }
  get checkpoint() {
    return this.made('checkpoint')
  }
  get once() {
    return this.made('once')
  }
  get step() {
    return this.made('once')
  }
  get idempotencyKey() {
    return this.made('idempotencyKey')
  }
  get context() {
    return this.made('context')
  }
  get emit() {
    return this.made('emitter').emit
  }
  get resource() {
    return this.made('resource')
  }
}
