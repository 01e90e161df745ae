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

const AT = Object.fromEntries(TAKEN_FIELDS.map((name, index) => [name, index]))
const [NAME, DATA] = [AT['name'], AT['data']] as [number, number]
const [TIMESTAMP, DELAY, PRIORITY] = [AT['timestamp'], AT['delay'], AT['priority']] as [number, number, number]
const [MADE, STARTED] = [AT['atm'], AT['ats']] as [number, number]
/** What is set only of jobs that something has happened to, or that BullMQ itself has tied to others. */
const RARE = ['opts', 'stc', 'stacktrace', 'defa', 'deid', 'rjk', 'parentKey', 'parent'].map(
  (name) => AT[name] as number,
)

/** As BullMQ decodes a job's hash; `now` is when it was taken. */
export function nextJob([id, values, left]: TakenJob, now: number): NextJob {
  const data = withLeft(String(values[DATA]), left)
  for (const field of RARE) if (values[field] !== false) return decoded(id, values, data, now)
  const json = {
    id: undefined,
    name: String(values[NAME]),
    data,
    opts: {},
    progress: 0,
    delay: Number(values[DELAY]),
    priority: Number(values[PRIORITY]),
    timestamp: Number(values[TIMESTAMP]),
    attemptsStarted: Number(values[STARTED]),
    attemptsMade: Number(values[MADE]),
    stalledCounter: 0,
    processedOn: now,
  }
  return [json, id, 0, 0] as unknown as NextJob
}

/** In memory only: what the job itself carries stays as it was written. */
function withLeft(data: string, left: TakenJob[2]): string {
  if (!left) return data
  const [outputs, releasedAt, spans] = left
  return `${data.slice(0, -1)},"outputs":${outputs},"releasedAt":${releasedAt}${spans ? `,"spans":${spans}` : ''}}`
}

/** By BullMQ itself: puts the names back to what was read without them. */
function decoded(id: string, values: TakenJob[1], data: string, now: number): NextJob {
  const hash: (string | number)[] = ['processedOn', now]
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as string | number | false
    if (value !== false) hash.push(TAKEN_FIELDS[index] as string, index === DATA ? data : value)
  }
  return raw2NextJobData([hash, id, 0, 0] as never) as NextJob
}

/** No job now; `due` is when the next delayed one may be taken, ms since 1970, 0 for none. */
export const noJob = (due: number): NextJob => [null, null, 0, due] as unknown as NextJob
