import { type Json, type PoolKeys, readInputSchemas } from '@millrace/shared'
import type { ErrorObject, ValidateFunction } from 'ajv'
import type { Redis } from 'ioredis'

/** Problems of an input by what the workers take; `undefined` when no worker told it. */
export type PublishedCheck = (task: string, input: Json) => Promise<string[] | undefined>

type Check = (input: Json) => string[]

/** Checks inputs by the schemas that workers published: it must fit every version of the workers that is there. */
export function publishedChecks(client: Redis, keys: PoolKeys): PublishedCheck {
  const checks = new Map<string, readonly Check[]>()
  return async (task, input) => {
    const known = checks.get(task) ?? (await compile(client, keys, task))
    checks.set(task, known)
    if (known.length === 0) return undefined
    return [...new Set(known.flatMap((check) => check(input)))]
  }
}

async function compile(client: Redis, keys: PoolKeys, task: string): Promise<Check[]> {
  const schemas = await readInputSchemas(client, keys, task)
  if (schemas.length === 0) return []
  const { Ajv2020 } = await import('ajv/dist/2020.js') // only here is it needed, and it takes a while to load
  const ajv = new Ajv2020({
    allErrors: true,
    strict: false,
    validateFormats: false,
    verbose: true,
    addUsedSchema: false,
  })
  return schemas.map(({ schema }) => {
    const validate = ajv.compile(schema)
    return (input) => problemsOf(validate, input)
  })
}

function problemsOf(validate: ValidateFunction, input: Json): string[] {
  if (validate(input)) return []
  const errors = validate.errors ?? []
  // of alternatives, none of which fits, the reasons of each; what only repeats that is left out
  return errors.filter(({ keyword }) => keyword !== 'if').map(problemOf)
}

function problemOf(error: ErrorObject): string {
  const { keyword, params, data, parentSchema } = error
  const path = pathOf(error.instancePath)
  if (keyword === 'required') return `${inside(path, params['missingProperty'])}: expected a value, received nothing`
  if (keyword === 'additionalProperties' || keyword === 'unevaluatedProperties') {
    const name: string = params['additionalProperty'] ?? params['unevaluatedProperty']
    const known = Object.keys(parentSchema?.['properties'] ?? {}).join(', ')
    return `${inside(path, name)}: expected no such field${known && `, but ${known}`}, received ${shown(field(data, name))}`
  }
  const at = path || 'the input'
  return `${at}: expected ${expectedOf(error)}, received ${shown(data)}`
}

function expectedOf({ keyword, params, message, schema }: ErrorObject): string {
  if (keyword === 'type') return [params['type']].flat().join(' or ')
  if (keyword === 'enum') return `one of ${params['allowedValues'].map(shown).join(', ')}`
  if (keyword === 'const') return shown(params['allowedValue'])
  if (keyword === 'pattern') return `what matches ${params['pattern']}`
  if (keyword === 'false schema') return 'nothing'
  if (keyword === 'anyOf' || keyword === 'oneOf') return `one of ${(schema as unknown[]).length} alternatives`
  return message?.replace(/^must (?:be )?/, '') ?? keyword
}

const field = (data: unknown, name: string) => (data as Record<string, unknown> | null)?.[name]

/** `/lines/3/size` → `lines[3].size`. */
const pathOf = (pointer: string) =>
  pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, step) => inside(path, step), '')

const inside = (path: string, step: string) =>
  /^\d+$/.test(step) ? `${path}[${step}]` : `${path}${path && '.'}${step}`

const MOST_SHOWN = 80

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > MOST_SHOWN ? `${text.slice(0, MOST_SHOWN)}…` : text
}
