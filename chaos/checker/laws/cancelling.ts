import { begun } from '../../history/begun.ts'
import { type Found, type Law, workflowOf } from '../violation.ts'

/** A cancelled workflow begins nothing more, and whoever runs for it is told in time. */
export const cancelling: Law = ({ id, entries }, { cancels }) => {
  const at = cancels?.at.get(workflowOf(id))
  if (!cancels || at === undefined) return []
  const by = at + cancels.withinMs
  return begun(entries).flatMap((start): Found[] => {
    if (start.at > by) return [['ran after cancel', `attempt ${start.token} began ${start.at - at} ms after it`]]
    const over = entries.some(({ kind, token, at }) => kind !== 'started' && token === start.token && at <= by)
    return over ? [] : [['cancel not heard', `attempt ${start.token} was not told within ${cancels.withinMs} ms`]]
  })
}
