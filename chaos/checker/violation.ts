import type { JobState } from '@millrace/shared'
import type { Entry } from '../history/entry.ts'
import type { Recorded, RecordedJob } from '../history/recorded.ts'

/** A promise that was not kept. */
export interface Violation {
  readonly kind: ViolationKind
  readonly job: string
  readonly text: string
}

export const VIOLATIONS = {
  lost: 'the job never came to its end',
  'wrong end': 'the job ended otherwise than the model says',
  'never ran': 'an end is recorded of a job that no handler ever ran for',
  'ran though skipped': 'a handler ran for a job whose trigger did not hold',
  'letter missing': 'a dead job has no dead letter',
  'letter too many': 'there is a dead letter of a job that is not dead',
  early: 'a handler began before the output of a need was recorded',
  'started for no reason': 'a job was started again and neither failed, nor stalled, nor was handed back',
  'not announced once': 'the end of a job was announced twice, or never',
  'result changed': 'a dependent was given another output of a need than the one that is recorded',
  'token not growing': 'an attempt began with a token that is not above those of all attempts before it',
  'stale result': 'the recorded output is not that of the newest attempt',
  'stale write': 'an older attempt wrote to the job after the newest one',
  late: 'a job waited longer for its next start than it may',
  'ran after cancel': 'a handler began though the workflow had been cancelled',
  'cancel not heard': 'a running handler was not told of the cancelling in time',
  'not replayed once': 'a dead letter was replayed twice or not at all, or though nobody had asked for it',
} as const

export type ViolationKind = keyof typeof VIOLATIONS

/** Everything there is to be checked. Entries are in the order in which they were written. */
export interface Run {
  readonly history: readonly Entry[]
  readonly recorded: Recorded
  /** How each job must end, by id. A job may have several ends that are right. */
  readonly expected: ReadonlyMap<string, readonly JobState[]>
  /** The ids of the needs of each job, by id. */
  readonly needs: ReadonlyMap<string, readonly string[]>
  /** How long a job that could run may wait for its start; absent where the scenario promises nothing. */
  readonly patience?: { readonly ms: number; readonly submittedAt: ReadonlyMap<string, number> }
  /** Ids of jobs of which each had to be replayed once; absent where the scenario replays nothing. */
  readonly replayed?: ReadonlySet<string>
  /** When which workflow was cancelled, and within which time that must have reached every handler. */
  readonly cancels?: { readonly withinMs: number; readonly at: ReadonlyMap<string, number> }
}

/** One job of a run with what was noted and recorded of it. */
export interface Case {
  readonly id: string
  readonly expected: readonly JobState[]
  readonly recorded: RecordedJob | undefined
  readonly entries: readonly Entry[]
}

/** A law looks at one job at a time, and says by kind what is wrong. */
export type Law = (one: Case, run: Run) => readonly Found[]
export type Found = readonly [kind: ViolationKind, text: string]

export const workflowOf = (jobId: string): string => jobId.slice(0, jobId.indexOf('.'))
export const nameOf = (jobId: string): string => jobId.slice(jobId.indexOf('.') + 1)
