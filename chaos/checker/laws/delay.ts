import { type Found, type Law, workflowOf } from '../violation.ts'

/**
 * A job that can run is started in time: the first time after it was submitted and its needs have ended, and again after
 * an attempt that failed or was handed back by a drain.
 */
export const delay: Law = ({ id, entries }, { history, needs, patience }) => {
  if (!patience) return []
  const mine = new Set(needs.get(id))
  const ends = history.filter(({ kind, job }) => mine.has(job) && kind !== 'started').map(({ at }) => at)
  let readyAt: number | undefined = Math.max(patience.submittedAt.get(workflowOf(id)) ?? 0, ...ends)
  const found: Found[] = []
  for (const { kind, at, code, token } of entries) {
    if (kind === 'started') {
      const waitedMs = at - (readyAt ?? at)
      if (waitedMs > patience.ms) found.push(['late', `attempt ${token} began after ${waitedMs} ms of waiting`])
      readyAt = undefined
    } else if (kind === 'threw' || (kind === 'aborted' && code === 'MILLRACE_DRAINED')) {
      readyAt = at
    }
  }
  return found
}
