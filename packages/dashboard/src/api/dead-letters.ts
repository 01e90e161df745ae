import { MillraceError } from '@millrace/shared'
import { z } from 'zod'
import { type Endpoint, endpoint } from './endpoint.ts'
import { limit, place } from './fields.ts'
import { asFilter, asWhich, BY_FILTER, FILTER, filter, IDS, letterId } from './letter-fields.ts'
import { deadLetter, deadLetterGroup, deadLetterStory } from './shapes.ts'

const tag = 'Dead letters'
const which = z.union([z.strictObject(IDS), z.strictObject(BY_FILTER)])

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
