import { field } from './field.ts'

/** A service that says more than an hour is looked at again after an hour; it will say so again. */
const MAX_RETRY_AFTER_MS = 3_600_000

/**
 * The HTTP status that an error carries, from 400 to 599. Where it stands depends on the client: `status` (a fetch
 * Response, many SDKs), `statusCode` (undici), `response.status` (axios, ky), `response.statusCode` (got, request),
 * `$metadata.httpStatusCode` (AWS). Lower numbers are something else: exit codes of child processes, for instance.
 */
export function statusOf(thrown: unknown): number | undefined {
  const response = field(thrown, 'response')
  const candidates = [
    field(response, 'status'),
    field(response, 'statusCode'),
    field(thrown, 'status'),
    field(thrown, 'statusCode'),
    field(field(thrown, '$metadata'), 'httpStatusCode'),
  ]
  return candidates.find((status): status is number => Number.isInteger(status) && within(status as number))
}

const within = (status: number) => status >= 400 && status <= 599

/**
 * How long a service asks to be left alone, in milliseconds from `now`: its `Retry-After`, in seconds or as a date, at
 * most an hour; `undefined` when it says nothing that can be read.
 */
export function retryAfterMs(thrown: unknown, now: number): number | undefined {
  const response = field(thrown, 'response')
  for (const headers of [field(response, 'headers'), field(thrown, 'headers')]) {
    const ms = readRetryAfter(header(headers), now)
    if (ms !== undefined) return Math.min(MAX_RETRY_AFTER_MS, ms)
  }
  return undefined
}

/** From a fetch `Headers`, or an object with lower-case or other names; the first of several values. */
function header(headers: unknown): unknown {
  const get = field(headers, 'get')
  let value: unknown
  if (typeof get === 'function') {
    try {
      value = get.call(headers, 'retry-after')
    } catch {
      value = undefined
    }
  } else if (typeof headers === 'object' && headers !== null) {
    const name = Object.keys(headers).find((key) => key.toLowerCase() === 'retry-after')
    value = name && field(headers, name)
  }
  return Array.isArray(value) ? value[0] : value
}

function readRetryAfter(value: unknown, now: number): number | undefined {
  if (typeof value === 'number') return value >= 0 ? value * 1_000 : undefined
  if (typeof value !== 'string') return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(value)) return Number(value) * 1_000
  if (!/[a-z]{3}/i.test(value)) return undefined // Date.parse would take "-5" for a year
  const at = Date.parse(value)
  return Number.isNaN(at) ? undefined : Math.max(0, at - now)
}
