import type { Similar } from '../cache/similar.ts'
import type { Duration } from '../workflow/definition.ts'
import type { Json } from '../workflow/json.ts'

/** How far a job has come, kept for its next attempt: on any worker, and after a replay. */
interface Checkpoint {
  /** Replaces the last one. Plain data. */
  save(state: unknown): Promise<void>
  /** The last one that any attempt of this job saved; `undefined` when there is none. */
  load<State = Json>(): Promise<State | undefined>
}

/** What the function of `once` is given. */
interface Effect {
  /** For a service outside that forgets repetitions by key: the same in every attempt. */
  readonly idempotencyKey: string
}

/** Runs `fn` unless a result of this job is recorded under `key`, and records what it returns: plain data. */
export type Once = <Result>(key: string, fn: (effect: Effect) => Result | Promise<Result>) => Promise<Result>

/** A small store that the jobs of a workflow share. Values are plain data; `undefined` is no value, and removes one. */
interface WorkflowContext {
  get<Value = Json>(key: string): Promise<Value | undefined>
  set(key: string, value: unknown): Promise<void>
  /**
   * Replaces a value by what `change` makes of it, and resolves to that. When another job was quicker, `change` is asked
   * again, with the value of that one: it must do nothing but compute.
   */
  update<Value = Json>(key: string, change: (value: Value | undefined) => Value | undefined): Promise<Value | undefined>
}

/** Which outputs of a task are used again. */
export interface CacheOptions<Input> {
  /** How long an output is used again. */
  readonly ttl: Duration
  /** What outputs depend on, as plain data. Default: the input and the outputs of the needs. */
  readonly key?: (input: Input, needs: Readonly<Record<string, unknown>>) => unknown
  /** Change it when the handler gives other outputs for the same input. Default none. */
  readonly version?: string | number
  /** Most outputs that are kept. Default 1,000; with `embed` 100. */
  readonly entries?: number
  /** The direction of an input, 1 to 4,096 numbers. Turns on the use of outputs for inputs that are not equal but similar. */
  readonly embed?: Embed<Input>
  /** From this similarity on an output is used as it is. Default 0.95. */
  readonly reuse?: number
  /** From this similarity on the handler is shown the earlier job in `ctx.similar`. Default 0.85. */
  readonly adapt?: number
}

type Embed<Input> = (
  input: Input,
  options: { readonly signal: AbortSignal },
) => ArrayLike<number> | Promise<ArrayLike<number>>

/** {@link CacheOptions}, checked and complete. */
export interface TaskCache {
  readonly ttlMs: number
  readonly key: CacheOptions<unknown>['key']
  readonly version: string
  readonly entries: number
  readonly embed: Embed<unknown> | undefined
  readonly reuse: number
  readonly adapt: number
}

/** What a handler's context has of all this. */
export interface DurableContext {
  readonly checkpoint: Checkpoint
  readonly once: Once
  /** Another name of {@link once}, for steps that compute: both have the same results under the same keys. */
  readonly step: Once
  /** What `once` gives its function, for effects outside of it: the same for this job and key in every attempt. */
  idempotencyKey(key: string): string
  readonly context: WorkflowContext
  /**
   * Streams plain data to those who watch the workflow, in this order. Resolves when it is on its way: at once, or, when
   * too much is, when there is room again. What was emitted has arrived before the attempt ends.
   */
  emit(chunk: unknown): Promise<void>
  /** An earlier job of this task with a similar input, when the task caches by similarity and there is one. */
  readonly similar: Similar | undefined
}
