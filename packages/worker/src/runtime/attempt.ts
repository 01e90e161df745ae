import {
  type AttemptTrace,
  carrierOf,
  type JobData,
  type LockedJob,
  type Logger,
  type MillraceError,
  traceIdOf,
} from '@millrace/shared'

/** One run of a job's handler, from the moment it was taken until it is settled. */
export interface Attempt extends LockedJob {
  /** 1 for the first attempt. */
  readonly number: number
  /** Aborted by whoever ends the attempt before its handler does; the reason is a MillraceError. */
  readonly signal: AbortSignal
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
      const { job } = locked
      const controller = new AbortController()
      let child: Logger | undefined
      const number = job.attemptsMade + 1
      const startedMonoMs = now()
      // asked for then: a process that was frozen hears of it late
      const takenAgoMs = Math.max(0, Date.now() - (job.processedOn ?? Date.now()))
      const trace = open?.(locked, number)
      const attempt: Attempt = {
        ...locked,
        number,
        signal: controller.signal,
        abort: (reason) => controller.abort(reason),
        startedMonoMs,
        lockedMonoMs: startedMonoMs - takenAgoMs,
        beatMonoMs: startedMonoMs,
        beat() {
          attempt.beatMonoMs = now()
        },
        trace,
        // made when somebody writes a line: most attempts write none
        get log() {
          child ??= log.child({
            ...{ workflow: job.data.workflow, job: job.data.job, task: job.name, attempt: number },
            ...idsOf(job, trace),
          })
          return child
        },
      }
      attempts.add(attempt)
      const refusal = refusals.find(({ matches }) => matches(attempt))
      if (refusal) attempt.abort(refusal.reason(job.data))
      return attempt
    },
    end: (attempt) => void attempts.delete(attempt),
    renewed(jobIds) {
      const ids = new Set(jobIds)
      for (const attempt of attempts) if (ids.has(attempt.job.id as string)) attempt.lockedMonoMs = now()
    },
    abort(matches, reason) {
      for (const attempt of attempts) {
        if (!attempt.signal.aborted && matches(attempt)) attempt.abort(reason(attempt.job.data))
      }
    },
    refuse: (matches, reason) => void refusals.push({ matches, reason }),
  }
}

/** By the names that OpenTelemetry gives them in logs. A worker that makes no spans still knows the trace of a job. */
function idsOf(job: LockedJob['job'], trace: AttemptTrace | undefined): { trace_id?: string; span_id?: string } {
  if (trace?.recorded) return { trace_id: trace.traceId, span_id: trace.spanId }
  const traceId = traceIdOf(carrierOf(job))
  return traceId === undefined ? {} : { trace_id: traceId }
}
