import type { z } from 'zod'
import { type Finding, type Path, showPath, showValue } from '../finding.ts'
import type { Json } from '../json.ts'
import { didYouMean, nearestOf } from '../nearest.ts'
import { isRecord } from '../references/walk.ts'
import { type Field, fieldAt, fieldsBelow } from './fields.ts'
import { WORKFLOW_SCHEMA } from './schema.ts'

type SchemaIssue = z.core.$ZodIssue

/** What is wrong with the fields of a workflow: unknown, missing, of a wrong type or value. */
export function shapeFindings(workflow: Json): Finding[] {
  const parsed = WORKFLOW_SCHEMA.safeParse(workflow)
  return parsed.success ? [] : parsed.error.issues.flatMap((issue) => explain(workflow, issue, []))
}

function explain(workflow: Json, issue: SchemaIssue, above: Path): Finding[] {
  const path = [...above, ...(issue.path as (string | number)[])]
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => unknownField([...path, key]))
  if (issue.code === 'invalid_union') {
    const inside = issue.errors.find((branch) => branch.length > 0 && branch.every(goesInside))
    return inside ? inside.flatMap((inner) => explain(workflow, inner, path)) : [wrongValue(workflow, path)]
  }
  return [isMissing(workflow, path) ? missingField(path) : wrongValue(workflow, path)]
}

/** The alternative that was meant is the one whose outer type fits. */
const goesInside = (issue: SchemaIssue): boolean => issue.path.length > 0 || issue.code === 'unrecognized_keys'

function unknownField(path: Path): Finding {
  const known = fieldsBelow(path.slice(0, -1))
  const nearest = nearestOf(known)(String(path.at(-1)))
  const advice = nearest === undefined ? ` ${owner(path, 'It')} may have ${known.join(', ')}.` : didYouMean(nearest)
  const message = `${showPath(path)} is not a field that exists.${advice}`
  return { code: 'MILLRACE_WORKFLOW_FIELD_UNKNOWN', message, path, at: 'key' }
}

function missingField(path: Path): Finding {
  const field = fieldAt(path)
  const message = `${owner(path, 'The workflow')} has no "${String(path.at(-1))}": add it. It must be ${field?.expected ?? 'present'}.`
  return { code: 'MILLRACE_WORKFLOW_FIELD_MISSING', message, path, at: 'key' }
}

function wrongValue(workflow: Json, path: Path): Finding {
  const field = fieldAt(path)
  const value = valueAt(workflow, path)
  const message = `${showPath(path) || 'A workflow'} must be ${field?.expected ?? EXPECTED_ROOT}; received ${showValue(value)}.${advice(field, value)}`
  return { code: field?.code ?? 'MILLRACE_WORKFLOW_SHAPE', message, path, at: path.length === 2 ? 'key' : 'value' }
}

const EXPECTED_ROOT = 'an object with at least "name" and "jobs"'

function advice(field: Field | undefined, value: Json | undefined): string {
  if (typeof value === 'string') {
    if (field?.values) return didYouMean(nearestOf(field.values)(value))
    return value.includes('${{') ? ' References are filled in only in `with` and `foreach`.' : ''
  }
  const wantsText = field?.expected.startsWith('a text') || field?.expected.startsWith('the name')
  return wantsText && (typeof value === 'number' || typeof value === 'boolean') ? ' Put it in quotes.' : ''
}

function owner(path: Path, root: string): string {
  if (path.length === 1) return root
  return path.length === 3 ? `Job "${String(path[1])}"` : showPath(path.slice(0, -1))
}

function isMissing(workflow: Json, path: Path): boolean {
  const parent = valueAt(workflow, path.slice(0, -1))
  return path.length > 0 && isRecord(parent) && !Object.hasOwn(parent, path.at(-1)!)
}

function valueAt(value: Json, path: Path): Json | undefined {
  let here: Json | undefined = value
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined
    here = (here as { readonly [key: string | number]: Json })[step]
  }
  return here
}
