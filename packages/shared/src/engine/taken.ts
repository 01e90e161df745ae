import { raw2NextJobData } from 'bullmq'

/** What BullMQ's workers expect of a next job: its decoded hash, its id, a rate limit and when to look again, both ms. */
export type NextJob = NonNullable<ReturnType<typeof raw2NextJobData>>

/**
 * A job as take.lua gives it: the values of {@link TAKEN_FIELDS}, `false` for one that is absent, and the outputs of its
 * needs as a JSON object, `false` when the worker must read them.
 */
export type TakenJob = readonly [id: string, values: readonly (string | number | false)[], outputs: string | false]

/** Fields of a job's hash that BullMQ's workers know, in the order in which take.lua reads them. */
const TAKEN_FIELDS = [
  ...['name', 'data', 'opts', 'timestamp', 'delay', 'priority', 'atm', 'stc', 'stacktrace', 'defa', 'deid'],
  ...['rjk', 'parentKey', 'parent', 'ats'],
]

const DATA = TAKEN_FIELDS.indexOf('data')

/** Puts the names back to what was read without them; `now` is when it was taken. */
export function nextJob([id, values, outputs]: TakenJob, now: number): NextJob {
  const hash: (string | number)[] = ['processedOn', now]
  for (const [index, value] of values.entries()) {
    if (value !== false) hash.push(TAKEN_FIELDS[index] as string, value)
  }
  // in memory only: what the job itself carries stays as it was written
  if (outputs) hash.push('data', `${String(values[DATA]).slice(0, -1)},"outputs":${outputs}}`)
  return raw2NextJobData([hash, id, 0, 0] as never) as NextJob
}

/** No job now; `due` is when the next delayed one may be taken, ms since 1970, 0 for none. */
export const noJob = (due: number): NextJob => [null, null, 0, due] as unknown as NextJob
