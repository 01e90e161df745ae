import type { DeadLetter } from '@millrace/shared'

/** More are not read for one answer. */
export const LARGEST_GROUPING = 5_000

/** Dead letters of the same task and code. Times in ms since 1970. */
export interface DeadLetterGroup {
  readonly task: string
  readonly code: string
  /** Of the last one. */
  readonly message: string
  readonly count: number
  readonly workflows: number
  readonly firstFailedAt: number
  readonly lastFailedAt: number
}

/** The largest group first, then the one with the newest failure. */
export function groupDeadLetters(letters: readonly DeadLetter[]): DeadLetterGroup[] {
  const groups = Map.groupBy(letters, ({ task, code }) => JSON.stringify([task, code]))
  return [...groups.values()]
    .map((members): DeadLetterGroup => {
      const last = members.reduce((a, b) => (b.failedAt > a.failedAt ? b : a))
      return {
        task: last.task,
        code: last.code,
        message: last.message,
        count: members.length,
        workflows: new Set(members.flatMap(({ workflow }) => workflow?.id ?? [])).size,
        firstFailedAt: Math.min(...members.map(({ failedAt }) => failedAt)),
        lastFailedAt: last.failedAt,
      }
    })
    .toSorted((a, b) => b.count - a.count || b.lastFailedAt - a.lastFailedAt)
}
