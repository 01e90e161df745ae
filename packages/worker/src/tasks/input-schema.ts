import type { JsonSchema, Task } from '@millrace/shared'
import type { StandardJSONSchemaV1 } from '@standard-schema/spec'

/**
 * What a task takes for its input, as a JSON Schema; `undefined` where its schema library cannot say. It is never stricter than the
 * schema itself: what JSON Schema cannot express (a refinement, a date) and what is coerced is left open, for the worker to check.
 */
export function inputSchemaOf({ input }: Pick<Task, 'input'>): JsonSchema | undefined {
  if (!input) return true
  const { jsonSchema } = input['~standard'] as Partial<StandardJSONSchemaV1.Props>
  if (!jsonSchema) return undefined
  try {
    return jsonSchema.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any', override: opened } })
  } catch {
    return undefined
  }
}

/** For zod, which tells what coercion, preprocessing and `catch` give and not what they take; other libraries know no such option. */
function opened({ zodSchema, jsonSchema }: { zodSchema?: ZodLike; jsonSchema: Record<string, unknown> }): void {
  const def = zodSchema?._zod?.def
  const open = def?.coerce === true || def?.type === 'catch' || def?.in?._zod?.def?.type === 'transform'
  if (open) for (const keyword of Object.keys(jsonSchema)) delete jsonSchema[keyword]
}

interface ZodLike {
  readonly _zod?: { readonly def?: { readonly type?: string; readonly coerce?: boolean; readonly in?: ZodLike } }
}
