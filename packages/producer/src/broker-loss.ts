import { MillraceError } from '@millrace/shared'

/** What ioredis throws when a connection breaks in the middle of a command. */
const LOST = new Set(['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'ENOTFOUND', 'EHOSTUNREACH', 'ENETUNREACH', 'EPIPE'])

/** The same functions, whose failures have the code MILLRACE_BROKER_UNREACHABLE when Redis was lost on the way. */
export function tellBrokerLoss<Api extends object>(api: Api): Api {
  return Object.fromEntries(Object.entries(api).map(([name, member]) => [name, telling(member)])) as Api
}

/** MILLRACE_BROKER_UNREACHABLE for an error that means it; any other thing that was thrown as it is. */
export function brokerLoss(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || !isBrokerLoss(thrown)) return thrown
  return new MillraceError(
    'MILLRACE_BROKER_UNREACHABLE',
    `Redis was lost on the way (${thrown.message}). What was done until then stands; look, then repeat.`,
    { cause: thrown },
  )
}

function telling(member: unknown): unknown {
  if (typeof member === 'object' && member !== null) return tellBrokerLoss(member)
  if (typeof member !== 'function') return member
  return (...args: unknown[]) => {
    const result: unknown = member(...args)
    if (result instanceof Promise) return result.catch(fail)
    return isAsyncIterable(result) ? iterate(result) : result
  }
}

async function* iterate(source: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    yield* source
  } catch (error) {
    fail(error)
  }
}

function fail(thrown: unknown): never {
  throw brokerLoss(thrown)
}

const isAsyncIterable = (value: unknown): value is AsyncIterable<unknown> =>
  typeof value === 'object' && value !== null && Symbol.asyncIterator in value

function isBrokerLoss(error: NodeJS.ErrnoException): boolean {
  if (error.name === 'MaxRetriesPerRequestError') return true
  if (error.message === 'Connection is closed.' || error.message === 'Command timed out') return true
  return error.code !== undefined && LOST.has(error.code)
}
