import { type DeadLetterFilter, MillraceError } from '@millrace/shared'
import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'
import { duration, limit, place } from './fields.ts'
import { deadLetter, deadLetterGroup, deadLetterStory } from './shapes.ts'

const tag = 'Dead letters'
const text = z.string().min(1).max(300)
const letterId = z.string().min(1).max(1_000)

const FILTER = {
  task: text.optional(),
  queue: text.optional(),
  workflow: text.optional().describe('id or name'),
  tenant: text.optional(),
  code: text.optional(),
  fingerprint: text.optional(),
  text: text.optional().describe('somewhere in the message, in either case'),
  olderThan: duration.optional().describe('failed longer ago than this'),
  newerThan: duration.optional().describe('failed within this time'),
}
const filter = z.strictObject(FILTER)

const which = z.union([
  z.strictObject({ ids: z.array(letterId).min(1).max(10_000) }),
  z.strictObject({ filter: filter.describe('all that match when the request comes; an empty one matches all') }),
])

const asFilter = ({ olderThan, newerThan, ...rest }: z.output<typeof filter>): DeadLetterFilter =>
  Object.fromEntries(
    Object.entries({ ...rest, olderThanMs: olderThan, newerThanMs: newerThan }).filter(
      ([, value]) => value !== undefined,
    ),
  )

const asWhich = (given: z.output<typeof which>) => ('ids' in given ? given : { filter: asFilter(given.filter) })

export const DEAD_LETTER_ENDPOINTS: readonly Endpoint[] = [
  endpoint({
    method: 'GET',
    path: '/dead-letters',
    tag,
    summary: 'List dead letters, the newest first',
    role: 'viewer',
    query: z.strictObject({
      ...FILTER,
      after: place.optional().describe('the `next` of the page before'),
      limit: limit(200, 50),
    }),
    answer: z.object({
      deadLetters: z.array(deadLetter),
      next: z.number().optional().describe('`after` of the next page; absent when this is the last'),
    }),
    async handle({ query: { after, limit, ...rest } }, { producer }) {
      const { letters, next } = await producer.deadLetters.query(asFilter(rest), { after, limit })
      return { deadLetters: letters, next }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/dead-letters/groups',
    tag,
    summary: 'Group dead letters by what they died of, the largest group first, each with what to do about it',
    role: 'viewer',
    query: filter,
    answer: z.object({ groups: z.array(deadLetterGroup) }),
    async handle({ query }, { producer }) {
      return { groups: await producer.deadLetters.stats(asFilter(query)) }
    },
  }),
  endpoint({
    method: 'GET',
    path: '/dead-letters/:letter',
    tag,
    summary: 'Show the whole story of a dead letter',
    role: 'viewer',
    params: z.object({ letter: letterId }),
    answer: deadLetterStory,
    refuses: [404],
    async handle({ params }, { producer }) {
      const found = await producer.deadLetters.get(params.letter)
      if (found) return found
      throw new MillraceError('MILLRACE_DEAD_LETTER_NOT_FOUND', 'There is no dead letter of this id, or no longer.')
    },
  }),
  endpoint({
    method: 'POST',
    path: '/dead-letters/replay',
    tag,
    summary: 'Send jobs back to their own queues with fresh attempts',
    role: 'operator',
    body: which,
    answer: z.object({
      replayed: z.array(z.string()),
      gone: z.array(z.string()).describe('replayed or discarded by somebody else'),
      refused: z.array(z.object({ id: z.string(), reason: z.string() })),
    }),
    async handle({ body }, { producer }) {
      return await producer.deadLetters.replay(asWhich(body))
    },
  }),
  endpoint({
    method: 'POST',
    path: '/dead-letters/discard',
    tag,
    summary: 'Remove dead letters for good; their jobs stay dead',
    role: 'admin',
    body: which,
    answer: z.object({ discarded: z.array(z.string()), gone: z.array(z.string()) }),
    async handle({ body }, { producer }) {
      return await producer.deadLetters.discard(asWhich(body))
    },
  }),
]
