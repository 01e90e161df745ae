import { MillraceError } from '@millrace/shared'
import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'
import { limit } from './fields.ts'
import { asWhich, BY_FILTER, IDS } from './letter-fields.ts'
import { rehearsal, replayView } from './shapes.ts'

const tag = 'Replays'
const replay = z.string().regex(/^[a-z0-9]{1,40}$/, 'expected the id of a replay')

const ratePerSecond = z.number().gt(0).max(10_000).optional().describe('jobs sent a second; 1,000 without it')
const PACE = {
  ratePerSecond,
  canary: z.int().min(0).max(10_000_000).optional().describe('so many first; the rest when all of them succeeded'),
  stopIf: z.string().max(40).optional().describe('`failed>10%` or `failed>20`: the rest stays as it is then'),
}
const order = z.union([z.strictObject({ ...IDS, ...PACE }), z.strictObject({ ...BY_FILTER, ...PACE })])
const question = z.union([z.strictObject({ ...IDS, ratePerSecond }), z.strictObject({ ...BY_FILTER, ratePerSecond })])

const SUMMARY = {
  pause: 'Send nothing more until it is resumed; what was sent goes on',
  resume: 'Go on with a paused replay',
  stop: 'Send nothing more, for good: the rest stays as it is',
} as const

export const REPLAY_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'POST',
    path: '/replays/rehearse',
    tag,
    summary: 'Say what a replay would do, and change nothing',
    role: 'viewer',
    body: question,
    answer: rehearsal,
    handle: async ({ body }, { producer }) =>
      await producer.replays.rehearse(asWhich(body), given({ ratePerSecond: body.ratePerSecond })),
  }),
  endpoint({
    method: 'POST',
    path: '/replays',
    tag,
    summary: 'Have the pool replay dead letters at a pace; it needs a worker',
    role: 'operator',
    body: order,
    answer: replayView,
    refuses: [422],
    status: () => 201,
    async handle({ body }, { producer }) {
      const { ratePerSecond, canary, stopIf } = body
      return await producer.replays.start(asWhich(body), given({ ratePerSecond, canary, stopIf }))
    },
  }),
  endpoint({
    method: 'GET',
    path: '/replays',
    tag,
    summary: 'List paced replays, the newest first',
    role: 'viewer',
    query: z.strictObject({ limit: limit(200, 20) }),
    answer: z.object({ replays: z.array(replayView) }),
    handle: async ({ query }, { producer }) => ({ replays: await producer.replays.list(query.limit) }),
  }),
  endpoint({
    method: 'GET',
    path: '/replays/:replay',
    tag,
    summary: 'Show a paced replay as it is now',
    role: 'viewer',
    params: z.object({ replay }),
    answer: replayView,
    refuses: [404],
    async handle({ params }, { producer }) {
      const found = await producer.replays.get(params.replay)
      if (found) return found
      throw new MillraceError('MILLRACE_REPLAY_NOT_FOUND', `There is no replay "${params.replay}".`)
    },
  }),
  ...(['pause', 'resume', 'stop'] as const).map((verb) =>
    endpoint({
      method: 'POST',
      path: `/replays/:replay/${verb}`,
      tag,
      summary: SUMMARY[verb],
      role: 'operator',
      params: z.object({ replay }),
      answer: replayView,
      refuses: [404, 422],
      handle: ({ params }, { producer }) => producer.replays[verb](params.replay),
    }),
  ),
]

/** Without the entries that were not given. */
function given<T extends Readonly<Record<string, unknown>>>(entries: T) {
  const some = Object.entries(entries).filter(([, value]) => value !== undefined)
  return Object.fromEntries(some) as { [Name in keyof T]?: Exclude<T[Name], undefined> }
}
