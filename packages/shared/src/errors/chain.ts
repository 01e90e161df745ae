import { field } from './field.ts'

/** A thrown thing with what caused it: an Error's `cause`, or the `errors` of an AggregateError. */
export interface Link {
  readonly thrown: unknown
  readonly cause: Link | undefined
  readonly errors: readonly Link[]
}

/** Deeper and wider than anybody nests errors on purpose; a chain may be a circle. */
const MOST_LINKS = 50

/** The whole chain of a thrown thing; every object occurs once. */
export function chainOf(thrown: unknown): Link {
  const seen = new Set<unknown>()
  function link(value: unknown): Link | undefined {
    if (value === undefined || value === null || seen.has(value) || seen.size >= MOST_LINKS) return undefined
    seen.add(value)
    const errors = field(value, 'errors')
    return {
      thrown: value,
      cause: link(field(value, 'cause')),
      errors: Array.isArray(errors) ? errors.map(link).filter((one) => one !== undefined) : [],
    }
  }
  return link(thrown) ?? { thrown, cause: undefined, errors: [] }
}

/** The message of the whole chain, outermost first: `fetch failed: connect ECONNREFUSED 127.0.0.1:80`. */
export function messageOf({ thrown, cause, errors }: Link): string {
  const own = ownMessage(thrown)
  const inner = cause ? messageOf(cause) : errors.slice(0, 3).map(messageOf).join('; ')
  if (inner === '' || own.includes(inner)) return own
  return own === '' ? inner : `${own}: ${inner}`
}

function ownMessage(thrown: unknown): string {
  const message = field(thrown, 'message')
  if (typeof message === 'string') return message
  const status = field(thrown, 'status')
  // a fetch Response thrown as it is
  if (typeof status === 'number') return [`HTTP ${status}`, field(thrown, 'statusText')].filter(Boolean).join(' ')
  try {
    return String(thrown)
  } catch {
    return 'something that cannot be shown as text'
  }
}

/** The stacks of the chain of causes, as Node prints them. */
export function stackOf({ thrown, cause }: Link): string {
  const own = field(thrown, 'stack')
  const inner = cause ? stackOf(cause) : ''
  return [typeof own === 'string' ? own : '', inner && `caused by: ${inner}`].filter(Boolean).join('\n')
}
