import { type Issue, MillraceError } from '@millrace/shared'
import type { z } from 'zod'
import type { Endpoint } from './endpoint.ts'

type Part = 'path' | 'query' | 'body'

/**
 * Checks everything that a request gives against what its endpoint takes.
 *
 * @throws MillraceError MILLRACE_REQUEST_INVALID with all problems at once, each with its place.
 */
export function readRequest(endpoint: Endpoint, given: { params: unknown; query: unknown; body: unknown }) {
  const issues: Issue[] = []
  const read = (part: Part, schema: z.ZodType | undefined, value: unknown): unknown => {
    if (!schema) return undefined
    const result = schema.safeParse(value)
    if (result.success) return result.data
    issues.push(...result.error.issues.map((issue) => asIssue(part, issue)))
    return undefined
  }
  const params = read('path', endpoint.params, given.params)
  const query = read('query', endpoint.query, given.query)
  const body = read('body', endpoint.body, given.body ?? {})
  if (issues.length === 0) return { params, query, body }
  const [first] = issues
  const message =
    issues.length === 1
      ? `${first?.message}`
      : `The request has ${issues.length} problems; the first: ${first?.message}`
  throw new MillraceError('MILLRACE_REQUEST_INVALID', message, { issues })
}

function asIssue(part: Part, { path, message }: z.core.$ZodIssue): Issue {
  const steps = path.map((step) => (typeof step === 'symbol' ? String(step) : step))
  const where = steps.length > 0 ? `${part}, ${steps.join('.')}` : part
  return { code: 'MILLRACE_REQUEST_INVALID', message: `${where}: ${message}`, path: [part, ...steps] }
}
