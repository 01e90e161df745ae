import type { Duration } from '../workflow/definition.ts'

/** When a half-open breaker lets one attempt through to see whether the resource is back. */
interface HalfOpenOptions {
  /** Time from the opening to the probe; doubles with every probe that fails. Default 60 s. */
  readonly halfOpenAfter?: Duration
  /** Upper bound of that. Default 10 minutes. */
  readonly maxHalfOpenAfter?: Duration
}

/** Opens after so many failures without a success between them, counted by each worker. */
interface ConsecutiveBreakerOptions extends HalfOpenOptions {
  /** Default 5. */
  readonly failures?: number
}

/** Opens when a share of the attempts of the last time failed. */
interface SamplingBreakerOptions extends HalfOpenOptions {
  /** Share that may fail: above 0 and below 1. */
  readonly threshold: number
  /** Length of the time that counts. */
  readonly duration: Duration
  /** Fewer attempts per second than this never open it. Default: such that it takes five failures a second. */
  readonly minimumRps?: number
}

/** A number is short for `{ failures }`; `false` is none. */
export type BreakerOptions = false | number | ConsecutiveBreakerOptions | SamplingBreakerOptions

/** How many run at once in one worker, and how many may wait there for their turn. A number is short for `{ limit }`. */
export type BulkheadOptions = false | number | { readonly limit: number; readonly queue?: number }

/** A breaker as declared; what is absent comes from the settings of the worker. */
export interface BreakerRule {
  readonly count:
    | { readonly kind: 'consecutive'; readonly failures: number | undefined }
    | {
        readonly kind: 'sampling'
        readonly threshold: number
        readonly durationMs: number
        readonly minimumRps: number | undefined
      }
  readonly halfOpenAfterMs: number | undefined
  readonly maxHalfOpenAfterMs: number | undefined
}

export interface BulkheadRule {
  readonly limit: number
  readonly queue: number
}

/** How a resource is declared; see `defineResource`. */
export interface ResourceOptions {
  /** Default: opens after 5 failures in a row. */
  readonly breaker?: BreakerOptions
  /** Default: half of the slots of the worker. */
  readonly bulkhead?: BulkheadOptions
  /** Limit of one call by `ctx.resource(name).execute`, each try for itself. Default 30 s. */
  readonly timeout?: Duration
  /** Tries within one such call. Default: one, since a failed job is tried again anyway. */
  readonly retry?: number | { readonly attempts?: number; readonly delay?: Duration; readonly maxDelay?: Duration }
}

/** A named thing outside, such as `stripe`, and what stands between it and the tasks that use it. */
export interface Resource {
  readonly kind: 'resource'
  readonly name: string
  /** `undefined`: the default; `false`: none. */
  readonly breaker: BreakerRule | false | undefined
  readonly bulkhead: BulkheadRule | false | undefined
  readonly timeoutMs: number | undefined
  readonly retry: { readonly attempts: number; readonly delayMs: number; readonly maxDelayMs: number }
}

/** What a handler is given of a resource. */
export interface ResourceHandle {
  /**
   * Makes one call to the outside, under the breaker, the bulkhead, the time limit and the tries of the resource.
   *
   * @throws whatever the call throws. When the breaker is open or the bulkhead full, an error that puts the job aside without
   *   spending an attempt: let it through, or catch it to go on without the resource.
   */
  execute<T>(call: (how: { readonly signal: AbortSignal }) => T | Promise<T>): Promise<T>
}
