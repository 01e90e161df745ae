import {
  type AttemptTrace,
  carrierOf,
  type JobData,
  type LockedJob,
  type Logger,
  type MillraceError,
  traceIdOf,
} from '@millrace/shared'
import type { Admission } from '../policies/admissions.ts'

/** One run of a job's handler, from the moment it was taken until it is settled. */
export interface Attempt extends LockedJob {
  /** 1 for the first attempt. */
  readonly number: number
  /** Aborted by whoever ends the attempt before its handler does; the reason is a MillraceError. Made when it is asked for. */
  readonly signal: AbortSignal
  /** The same as that of the signal, without making one. */
  readonly aborted: boolean
  throwIfAborted(): void
  abort(reason: Error): void
  /** When it was taken, on the monotonic clock. */
  readonly startedMonoMs: number
  /** When its lock was known to be ours, on the monotonic clock. */
  lockedMonoMs: number
  /** Its span, where the worker traces. */
  readonly trace: AttemptTrace | undefined
  readonly log: Logger
  /** Gives a sign of life, for tasks that have an idle limit. */
  beat(): void
  /** When it last did, on the monotonic clock. */
  beatMonoMs: number
  /** How many of the worker's gates let it in. */
  gatesPassed: number
  /** What it holds of the resources it uses. */
  admission: Admission | undefined
}

/** The attempts that a worker has at the moment. */
export interface Running {
  readonly size: number
  /** Ids of the workflows that they belong to. */
  workflows(): ReadonlySet<string>
  begin(locked: LockedJob): Attempt
  end(attempt: Attempt): void
  /** Notes that these jobs still are ours. */
  renewed(jobIds: readonly string[]): void
  /** Aborts the attempts that match. One that was aborted before keeps its first reason. */
  abort(matches: (attempt: Attempt) => boolean, reason: (data: JobData) => MillraceError): void
  /** From now on whatever begins and matches is aborted at once. */
  refuse(matches: (attempt: Attempt) => boolean, reason: (data: JobData) => MillraceError): void
}

/** @param open makes the span of an attempt. */
export function trackRunning(
  log: Logger,
  now: () => number = () => performance.now(),
  open?: (locked: LockedJob, attempt: number) => AttemptTrace,
): Running {
  // not by job id: after a lost lock the same job may come back while its first attempt still cleans up
  const attempts = new Set<Attempt>()
  const refusals: { matches: (attempt: Attempt) => boolean; reason: (data: JobData) => MillraceError }[] = []

  return {
    get size() {
      return attempts.size
    },
    workflows: () => new Set([...attempts].map(({ job }) => job.data.workflow)),
    begin(locked) {
      const attempt = new RunningAttempt(locked, { log, now, open })
      attempts.add(attempt)
      for (const { matches, reason } of refusals) if (matches(attempt)) attempt.abort(reason(locked.job.data))
      return attempt
    },
    end: (attempt) => void attempts.delete(attempt),
    renewed(jobIds) {
      const ids = new Set(jobIds)
      for (const attempt of attempts) if (ids.has(attempt.job.id as string)) attempt.lockedMonoMs = now()
    },
    abort(matches, reason) {
      for (const attempt of attempts) {
        if (!attempt.aborted && matches(attempt)) attempt.abort(reason(attempt.job.data))
      }
    },
    refuse: (matches, reason) => void refusals.push({ matches, reason }),
  }
}

interface AttemptParts {
  readonly log: Logger
  readonly now: () => number
  readonly open: ((locked: LockedJob, attempt: number) => AttemptTrace) | undefined
}

/** One for every job that is taken: what most attempts do not use is made when it is asked for. */
class RunningAttempt implements Attempt {
  readonly job: LockedJob['job']
  readonly token: string
  readonly number: number
  readonly startedMonoMs: number
  readonly trace: AttemptTrace | undefined
  lockedMonoMs: number
  beatMonoMs: number
  gatesPassed = 0
  admission: Admission | undefined = undefined
  private controller: AbortController | undefined = undefined
  private line: Logger | undefined = undefined
  private readonly parts: AttemptParts

  constructor(locked: LockedJob, parts: AttemptParts) {
    const { job, token } = locked
    this.job = job
    this.token = token
    this.parts = parts
    this.number = job.attemptsMade + 1
    this.startedMonoMs = parts.now()
    // asked for then: a process that was frozen hears of it late
    const takenAgoMs = job.processedOn === undefined ? 0 : Math.max(0, Date.now() - job.processedOn)
    this.lockedMonoMs = this.startedMonoMs - takenAgoMs
    this.beatMonoMs = this.startedMonoMs
    this.trace = parts.open?.(locked, this.number)
  }

  get signal(): AbortSignal {
    this.controller ??= new AbortController()
    return this.controller.signal
  }

  get aborted(): boolean {
    return this.controller?.signal.aborted ?? false
  }

  throwIfAborted(): void {
    this.controller?.signal.throwIfAborted()
  }

  abort(reason: Error): void {
    this.controller ??= new AbortController()
    this.controller.abort(reason)
  }

  beat(): void {
    this.beatMonoMs = this.parts.now()
  }

  get log(): Logger {
    const { job, number, trace } = this
    this.line ??= this.parts.log.child({
      ...{ workflow: job.data.workflow, job: job.data.job, task: job.name, attempt: number },
      ...idsOf(job, trace),
    })
    return this.line
  }
}

/** By the names that OpenTelemetry gives them in logs. A worker that makes no spans still knows the trace of a job. */
function idsOf(job: LockedJob['job'], trace: AttemptTrace | undefined): { trace_id?: string; span_id?: string } {
  if (trace?.recorded) return { trace_id: trace.traceId, span_id: trace.spanId }
  const traceId = traceIdOf(carrierOf(job))
  return traceId === undefined ? {} : { trace_id: traceId }
}
