import { createHash } from 'node:crypto'
import type { Json } from '../workflow/json.ts'

/** What two jobs must have in common to have the same output. */
export interface CacheSubject {
  readonly task: string
  readonly version: string
  /** The input and the outputs of the needs, or what the task made of them. */
  readonly key: Json
}

/** 32 hexadecimal digits; equal for values that are equal but for the order of their properties. */
export const cacheHash = ({ task, version, key }: CacheSubject): string =>
  createHash('sha256')
    .update(canonical([task, version, key]))
    .digest('hex')
    .slice(0, 32)

/** JSON with the properties of every object in order of their names. */
function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}
