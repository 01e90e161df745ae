import type { StandardSchemaV1 } from '@standard-schema/spec'
import type { Logger } from 'pino'
import type { Rule } from '../errors/rules.ts'
import type { Duration, JobDefinition, RetryDefinition } from '../workflow/definition.ts'
import type { Json } from '../workflow/json.ts'
import type { Complexity } from '../workflow/states.ts'
import type { CacheOptions, DurableContext, TaskCache } from './durable.ts'
import type { BreakerOptions, BreakerRule, BulkheadOptions, BulkheadRule, ResourceHandle } from './resource.ts'

/** What a handler is given besides its input. Pass it on as it is: a copy made with `{ ...ctx }` lacks most of it. */
export interface TaskContext<Input = unknown> extends DurableContext {
  /** The job's input, after the task's schema has checked and transformed it. */
  readonly input: Input
  /** Outputs of the needs by job name; `null` for a need without output. A `foreach` need is an array, in item order. */
  readonly needs: Readonly<Record<string, unknown>>
  /** Aborted by the timeout, a lost lock, a cancelled workflow or a drain; `signal.reason` is an Error that says which. */
  readonly signal: AbortSignal
  /** 1 for the first attempt. */
  readonly attempt: number
  /** Grows with every start of the job, by whatever worker: the larger token is the newer attempt. */
  readonly fencingToken: number
  readonly workflow: { readonly id: string; readonly name: string }
  readonly job: { readonly id: string; readonly name: string }
  /** Correlated: every line carries workflow, job, task and attempt. */
  readonly log: Logger
  /**
   * Says that the handler is alive: for tasks with an `idle` limit. `progress` and `spawn` say so too. Costs nothing; call
   * it as often as you like.
   */
  heartbeat(): void
  /** Publishes how far the attempt is: 0 to 1, or any plain data. Seen by `millrace watch` and the dashboard. */
  progress(value: number | Json): Promise<void>
  /**
   * Adds jobs to the running workflow; whoever needs this job waits for them too. Names are local to this job and make
   * a repeated call, by a later attempt, the same jobs.
   */
  spawn(jobs: Readonly<Record<string, JobDefinition>>): Promise<void>
  /**
   * A thing outside, whose breaker and bulkhead are shared with everybody who uses it.
   *
   * @throws MillraceError MILLRACE_RESOURCE_UNKNOWN when nobody defined it and neither the task nor the job uses it.
   */
  resource(name: string): ResourceHandle
}

export type Handler<Input, Output> = (input: Input, ctx: TaskContext<Input>) => Output | Promise<Output>

/** One line of a task's `errors`. Give at least one of `code`, `class` and `status`; all that are given must fit. */
export interface ErrorRule extends Omit<Rule, 'delayMs' | 'class'> {
  /** A class, or its name. */
  readonly class?: string | (abstract new (...args: never) => unknown)
  /** The next attempt comes no earlier; a `Retry-After` of the service goes before. */
  readonly delay?: Duration
}

/** How a task is declared; see {@link defineTask}. */
export interface TaskOptions<Input extends StandardSchemaV1 | undefined, Output extends StandardSchemaV1 | undefined> {
  /** What workflows call it, e.g. `log.parse`. */
  readonly name: string
  readonly description?: string
  /** Any Standard Schema (zod, valibot, arktype, …); checks and may transform the input. */
  readonly input?: Input
  readonly output?: Output
  /** Queue of its jobs unless the job says otherwise. Default `default`. */
  readonly queue?: string
  /** Default: 3 attempts, delays from 1 s up to 60 s. A number is short for `{ attempts }`. */
  readonly retry?: number | RetryDefinition
  /**
   * Limit of one attempt. Default: learned from how long attempts take; until enough have been measured, by `complexity`.
   */
  readonly timeout?: Duration
  /** At most so many attempts begin in any stretch of time of this length, over all workers. Default: no limit. */
  readonly limit?: { readonly max: number; readonly per: Duration }
  /** At most so many attempts run at the same time, over all workers. Default: as many as the workers have slots. */
  readonly concurrency?: number
  /** Uses the output of an earlier job again. Default off. */
  readonly cache?: CacheOptions<Input extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<Input> : unknown>
  /** What one attempt needs, e.g. `512mb`: no more are started at once than fit. The limit of an isolated task. */
  readonly memory?: string
  /**
   * Runs each attempt in a process of its own, so that a crash, a `process.exit`, a full heap or a blocked event loop ends
   * that attempt alone. `blockedAfter`: how long it may keep its event loop busy, 5 s unless it says otherwise.
   */
  readonly isolate?: boolean | { readonly blockedAfter?: Duration }
  /** Resources outside that it talks to. */
  readonly uses?: readonly string[]
  /** A breaker for the task itself, besides those of its resources. Default none. */
  readonly breaker?: BreakerOptions
  /** How many attempts of it run at once in one worker. Default: as many as the worker has slots. */
  readonly bulkhead?: BulkheadOptions
  /** What an attempt may take before anything is measured: 5, 15, 45 or 120 minutes. Default `simple`. */
  readonly complexity?: Complexity
  /** Multiplies what `complexity` gives, and the bounds of what is learned: 0.1 to 10. Default 1. */
  readonly timeoutFactor?: number
  /** An attempt that gives no sign of life for so long is ended, see `ctx.heartbeat()`. Default: no such limit. */
  readonly idle?: Duration
  /** What becomes of a job whose handler threw, by code, class or HTTP status; the first that fits decides. */
  readonly errors?: readonly ErrorRule[]
}

/** A kind of work: a name, a handler, schemas and policies. */
export interface Task<Input = unknown, Output = unknown> {
  readonly name: string
  readonly description: string
  readonly input: StandardSchemaV1<unknown, Input> | undefined
  readonly output: StandardSchemaV1<unknown, Output> | undefined
  readonly queue: string
  readonly retry: { readonly attempts: number; readonly delayMs: number; readonly maxDelayMs: number }
  readonly limit: { readonly max: number; readonly perMs: number } | undefined
  readonly concurrency: number | undefined
  readonly cache: TaskCache | undefined
  readonly memoryBytes: number | undefined
  readonly isolate: false | { readonly blockedAfterMs: number }
  readonly uses: readonly string[]
  readonly breaker: BreakerRule | false
  readonly bulkhead: BulkheadRule | false
  /** `undefined`: learned. */
  readonly timeoutMs: number | undefined
  readonly complexity: Complexity
  readonly timeoutFactor: number
  readonly idleMs: number | undefined
  readonly errors: readonly Rule[]
  readonly handler: Handler<Input, Output>
}
