import type { DeadLetterFilter } from '@millrace/shared'
import { z } from 'zod'
import { duration } from './fields.ts'

const text = z.string().min(1).max(300)

export const letterId = z.string().min(1).max(1_000)

/** What dead letters are filtered by, in queries and bodies alike. */
export const FILTER = {
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
export const filter = z.strictObject(FILTER)

/** Either half of a choice of letters. */
export const IDS = { ids: z.array(letterId).min(1).max(10_000) }
export const BY_FILTER = { filter: filter.describe('all that match when the request comes; an empty one matches all') }

export const asFilter = ({ olderThan, newerThan, ...rest }: z.output<typeof filter>): DeadLetterFilter =>
  Object.fromEntries(
    Object.entries({ ...rest, olderThanMs: olderThan, newerThanMs: newerThan }).filter(
      ([, value]) => value !== undefined,
    ),
  )

type Which = { readonly ids: string[] } | { readonly filter: z.output<typeof filter> }

/** The letters that a body chooses. */
export const asWhich = (given: Which) => ('ids' in given ? { ids: given.ids } : { filter: asFilter(given.filter) })
