import { MillraceError } from '@millrace/shared'
import { toJson } from '../to-json.ts'

/** The JSON text of what a handler gives away. @throws MillraceError MILLRACE_VALUE_NOT_JSON with every problem. */
export function plainText(what: string, value: unknown): string {
  const json = toJson(value, 'value')
  if (json.ok) return JSON.stringify(json.value)
  throw new MillraceError('MILLRACE_VALUE_NOT_JSON', `JSON cannot carry ${what}: ${json.problems.join('; ')}`)
}
