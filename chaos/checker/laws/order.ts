import { begun } from '../../history/begun.ts'
import { type Case, type Found, type Law, nameOf, type Run } from '../violation.ts'

/** Nothing begins before the outputs of its needs are recorded, and what it is given of them never changes again. */
export const order: Law = ({ id, entries }, run) =>
  begun(entries).flatMap((start) => (run.needs.get(id) ?? []).flatMap((need) => look(start, need, run)))

function look({ token, saw = {} }: Case['entries'][number], need: string, { recorded }: Run): Found[] {
  const kept = recorded.jobs.get(need)
  if (kept?.state !== 'succeeded') return []
  const seen = saw[nameOf(need)]
  if (seen === undefined) return [['early', `attempt ${token} began before ${need} was recorded`]]
  if (seen === kept.outputToken) return []
  return [['result changed', `attempt ${token} saw attempt ${seen} of ${need}, recorded is ${kept.outputToken}`]]
}
