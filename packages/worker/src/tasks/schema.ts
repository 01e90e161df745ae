import type { StandardSchemaV1 } from '@standard-schema/spec'

export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] }

/**
 * Checks a value with any Standard Schema and gives what the schema makes of it. Without a schema every value fits.
 *
 * @returns a promise only where the schema takes one. All problems, each with its path: `lines[3].size: expected number, received string`.
 */
export function checkWith<T>(
  schema: StandardSchemaV1<unknown, T> | undefined,
  value: unknown,
): Checked<T> | Promise<Checked<T>> {
  if (!schema) return { ok: true, value: value as T }
  const result = schema['~standard'].validate(value)
  return result instanceof Promise ? result.then(checkedBy) : checkedBy(result)
}

function checkedBy<T>(result: StandardSchemaV1.Result<T>): Checked<T> {
  if (!result.issues) return { ok: true, value: result.value }
  return { ok: false, problems: result.issues.map(describe) }
}

function describe({ message, path = [] }: StandardSchemaV1.Issue): string {
  const where = path.reduce((text: string, step) => {
    const key = typeof step === 'object' ? step.key : step
    return typeof key === 'number' ? `${text}[${key}]` : `${text}${text && '.'}${String(key)}`
  }, '')
  return where ? `${where}: ${message}` : message
}
