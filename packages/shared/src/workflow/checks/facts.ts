import type { Path } from '../finding.ts'
import type { Json } from '../json.ts'
import { isList, isRecord } from '../references/walk.ts'

/** A job as far as it can be understood, so that one mistake does not hide the others. */
export interface JobFacts {
  readonly name: string
  readonly path: Path
  readonly fields: { readonly [field: string]: Json }
  readonly needs: readonly { readonly name: string; readonly path: Path }[]
}

/** The jobs of a definition that may still be wrong in any way; what is not an object is no job. */
export function jobFacts(workflow: Json): JobFacts[] {
  const jobs = isRecord(workflow) ? workflow.jobs : undefined
  if (!isRecord(jobs)) return []
  return Object.entries(jobs).flatMap(([name, fields]) => {
    const path = ['jobs', name]
    return isRecord(fields) ? [{ name, path, fields, needs: namesIn(fields.needs, [...path, 'needs']) }] : []
  })
}

/** A name or a list of names, each with its place. */
export function namesIn(value: Json | undefined, path: Path): { name: string; path: Path }[] {
  if (typeof value === 'string') return [{ name: value, path }]
  if (value === undefined || !isList(value)) return []
  return value.flatMap((name, index) => (typeof name === 'string' ? [{ name, path: [...path, index] }] : []))
}
