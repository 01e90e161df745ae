import type { Job } from 'bullmq'
import type { JobData } from './job-data.ts'

/** The place of an attempt in a trace. */
export interface AttemptSpan {
  readonly spanId: string
  /** For the jobs that it spawns. */
  readonly carrier: string
}

const spans = new WeakMap<object, AttemptSpan>()

/** Remembers the span of an attempt: who needs its job links to it, and what it spawns is part of it. */
export function noteSpan(job: Job<JobData>, span: AttemptSpan): void {
  spans.set(job, span)
}

/** What {@link noteSpan} remembered; nothing where attempts are not traced. */
export const spanOf = (job: object): AttemptSpan | undefined => spans.get(job)

/** What a job brought along of its trace, where BullMQ keeps it: in its options, as bullmq-otel writes it. */
export const carrierOf = (job: Pick<Job<JobData>, 'opts'>): string | undefined => job.opts.telemetry?.metadata
