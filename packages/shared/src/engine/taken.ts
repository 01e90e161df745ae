import { raw2NextJobData } from 'bullmq'

/** What BullMQ's workers expect of a next job: its decoded hash, its id, a rate limit and when to look again, both ms. */
export type NextJob = NonNullable<ReturnType<typeof raw2NextJobData>>

/** What the needs of a job left, texts of JSON: their outputs by name, when the last of them ended, their spans if any. */
type LeftByNeeds = readonly [outputs: string, releasedAt: number, spans: string | false]

/**
 * A job as take.lua gives it: the values of {@link TAKEN_FIELDS}, `false` for one that is absent, and what its needs left,
 * `false` when there is none or the worker must read it.
 */
export type TakenJob = readonly [id: string, values: readonly (string | number | false)[], left: LeftByNeeds | false]

/** Fields of a job's hash that BullMQ's workers know, in the order in which take.lua reads them. */
const TAKEN_FIELDS = [
  ...['name', 'data', 'opts', 'timestamp', 'delay', 'priority', 'atm', 'stc', 'stacktrace', 'defa', 'deid'],
  ...['rjk', 'parentKey', 'parent', 'ats'],
]

const DATA = TAKEN_FIELDS.indexOf('data')

/** Puts the names back to what was read without them; `now` is when it was taken. */
export function nextJob([id, values, left]: TakenJob, now: number): NextJob {
  const hash: (string | number)[] = ['processedOn', now]
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as string | number | false
    if (value !== false) hash.push(TAKEN_FIELDS[index] as string, value)
  }
  // in memory only: what the job itself carries stays as it was written
  if (left) {
    const [outputs, releasedAt, spans] = left
    const more = `"outputs":${outputs},"releasedAt":${releasedAt}${spans ? `,"spans":${spans}` : ''}`
    hash.push('data', `${String(values[DATA]).slice(0, -1)},${more}}`)
  }
  return raw2NextJobData([hash, id, 0, 0] as never) as NextJob
}

/** No job now; `due` is when the next delayed one may be taken, ms since 1970, 0 for none. */
export const noJob = (due: number): NextJob => [null, null, 0, due] as unknown as NextJob
