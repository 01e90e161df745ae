import { show } from './problems.ts'
import type { OptionReader } from './reader.ts'

/** What checks the input and the output. */
export const schemas: OptionReader<'input' | 'output'> = {
  fields: ['input', 'output'],
  read({ input, output }, problems) {
    for (const [field, schema] of Object.entries({ input, output })) {
      problems.check(
        isSchema(schema),
        () => `${field} is ${show(schema)}; give a Standard Schema, for instance one made with zod`,
      )
    }
    return { input, output }
  },
}

/** A schema may be an object or, as arktype's are, a function. */
function isSchema(schema: unknown): boolean {
  if (schema === undefined) return true
  return schema !== null && (typeof schema === 'object' || typeof schema === 'function') && '~standard' in schema
}
