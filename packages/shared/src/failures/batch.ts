import type { Severity } from '../errors/catalogue.ts'
import type { Fingerprint } from './fingerprint.ts'

/** One attempt that failed. */
export interface FailedAttempt {
  readonly fingerprint: Fingerprint
  readonly message: string
  readonly severity: Severity
  readonly category: string
  /** Absent for a job outside of any workflow. */
  readonly workflow: string | undefined
  /** Whether the job was buried for it. */
  readonly dead: boolean
}

/** What a process has seen of one fingerprint since it last told the pool. */
export interface Seen extends Pick<FailedAttempt, 'fingerprint' | 'message' | 'severity' | 'category'> {
  readonly count: number
  readonly dead: number
  readonly workflows: ReadonlySet<string>
}

/** Failed attempts by fingerprint, as they are collected in a process before they are sent. */
export interface FailureBatch {
  add(failed: FailedAttempt): void
  /** Gives what has been collected, and begins anew. */
  take(): readonly Seen[]
}

/** Workflows remembered per fingerprint and batch, and fingerprints per batch: a flood must not fill the memory. */
const MOST_WORKFLOWS = 500
const MOST_FINGERPRINTS = 1_000
const MAX_MESSAGE = 2_000

/** @param wake called when the first failure of a batch comes. */
export function createFailureBatch(wake: () => void = () => {}): FailureBatch {
  let seen = new Map<string, Seen & { count: number; dead: number; workflows: Set<string> }>()
  return {
    add({ fingerprint, message, severity, category, workflow, dead }) {
      const known = seen.get(fingerprint.id)
      if (!known && seen.size >= MOST_FINGERPRINTS) return
      const { count, dead: buried, workflows } = known ?? { count: 0, dead: 0, workflows: new Set<string>() }
      if (workflow !== undefined && workflows.size < MOST_WORKFLOWS) workflows.add(workflow)
      seen.set(fingerprint.id, {
        ...{ fingerprint, message: message.slice(0, MAX_MESSAGE), severity, category, workflows },
        count: count + 1,
        dead: buried + (dead ? 1 : 0),
      })
      if (seen.size === 1 && count === 0) wake()
    },
    take() {
      const taken = [...seen.values()]
      seen = new Map()
      return taken
    },
  }
}
