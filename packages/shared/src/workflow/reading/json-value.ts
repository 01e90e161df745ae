import { type Finding, type Path, showPath, showValue } from '../finding.ts'
import type { Json } from '../json.ts'
import type { Limits } from '../limits.ts'

/** A value measured: its size as JSON in bytes, with everything that is shared counted each time it is used. */
interface Measured {
  readonly value: Json
  readonly bytes: number
  /** Lists and objects inside each other; 0 for texts and numbers. */
  readonly depth: number
}

export interface JsonReading {
  readonly value: Json
  readonly bytes: number
  readonly findings: readonly Finding[]
}

/**
 * Copies whatever a library object or a parser holds into plain JSON. What JSON cannot carry is reported and becomes
 * null. Fields that are `undefined` are left out, as JSON.stringify does. Never throws.
 *
 * Every object is visited once, however often it is used, so YAML aliases that would expand to gigabytes are measured
 * in the time it takes to read them. O(size of the value in memory).
 */
export function readJson(input: unknown, limits: Limits, at: Path = []): JsonReading {
  const findings: Finding[] = []
  const path: (string | number)[] = [...at]
  const done = new Map<object, Measured>()
  const open = new Set<object>()

  const refuse = (why: string, field: 'key' | 'value' = 'value'): Measured => {
    findings.push({
      code: 'MILLRACE_VALUE_NOT_JSON',
      message: `${showPath(path) || 'The workflow'} ${why}`,
      path: [...path],
      at: field,
    })
    return NULL
  }

  const read = (value: unknown): Measured => {
    if (value === null) return NULL
    if (typeof value === 'string') return { value, bytes: textBytes(value), depth: 0 }
    if (typeof value === 'boolean') return { value, bytes: value ? 4 : 5, depth: 0 }
    if (typeof value === 'number') {
      // JSON has no -0
      if (Number.isFinite(value)) return { value: value === 0 ? 0 : value, bytes: String(value).length, depth: 0 }
      return refuse(`is ${value}, which JSON cannot carry: use a finite number or null.`)
    }
    if (typeof value !== 'object') return refuse(notJson(value))
    const known = done.get(value)
    if (known && path.length - at.length + known.depth <= limits.maxDepth) return known
    if (open.has(value)) return refuse('contains itself: JSON has no cycles.')
    if (path.length - at.length >= limits.maxDepth) {
      return refuse(`is nested deeper than ${limits.maxDepth} levels: flatten it, or pass it as text.`)
    }
    open.add(value)
    const measured = readContainer(value)
    open.delete(value)
    done.set(value, measured)
    return measured
  }

  const readContainer = (value: object): Measured => {
    const steps = path.length
    try {
      if (Array.isArray(value)) return readList(value)
      return isPlainObject(value) ? readObject(value) : refuse(notJson(value))
    } catch (error) {
      // a getter or a proxy of the caller's threw
      path.length = steps
      return refuse(`cannot be read: ${error instanceof Error ? error.message : String(error)}.`)
    }
  }

  const readList = (list: readonly unknown[]): Measured => {
    const items: Json[] = []
    let bytes = 2 + Math.max(0, list.length - 1)
    let depth = 0
    // by position: holes are undefined here, and map would skip them
    for (let index = 0; index < list.length; index++) {
      path.push(index)
      const item = read(list[index])
      path.pop()
      items.push(item.value)
      bytes += item.bytes
      depth = Math.max(depth, item.depth)
    }
    return { value: items, bytes, depth: depth + 1 }
  }

  const readObject = (object: object): Measured => {
    const entries: [string, Json][] = []
    let bytes = 2
    let depth = 0
    for (const [key, child] of Object.entries(object)) {
      if (child === undefined) continue
      path.push(key)
      const field =
        key === '__proto__' ? refuse('has a meaning of its own in JavaScript: rename this field.', 'key') : read(child)
      path.pop()
      if (key === '__proto__') continue
      bytes += textBytes(key) + 1 + field.bytes + (entries.length > 0 ? 1 : 0)
      depth = Math.max(depth, field.depth)
      entries.push([key, field.value])
    }
    return { value: Object.fromEntries(entries), bytes, depth: depth + 1 }
  }

  const { value, bytes } = read(input)
  return { value, bytes, findings }
}

/** Size as JSON in bytes; what is shared counts each time it is used, but is measured once. */
export function jsonBytes(value: Json, known: Map<object, number> = new Map()): number {
  if (typeof value === 'string') return textBytes(value)
  if (typeof value !== 'object' || value === null) return String(value).length
  const before = known.get(value)
  if (before !== undefined) return before
  const children = Object.values(value) as Json[]
  let bytes = 2 + Math.max(0, children.length - 1)
  for (const child of children) bytes += jsonBytes(child, known)
  if (!Array.isArray(value)) for (const key of Object.keys(value)) bytes += textBytes(key) + 1
  known.set(value, bytes)
  return bytes
}

const NULL: Measured = { value: null, bytes: 4, depth: 0 }

/** Printable ASCII without quotes and backslashes, which JSON writes as it is: most texts, in a tenth of the time. */
const AS_IT_IS = /^[ !#-[\]-~]*$/
const textBytes = (text: string): number =>
  AS_IT_IS.test(text) ? text.length + 2 : Buffer.byteLength(JSON.stringify(text))

/** Also for objects of other realms, whose Object.prototype is another one. */
function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function notJson(value: unknown): string {
  const advice = value instanceof Date ? 'pass its toISOString() instead' : 'pass plain data instead'
  const what = value === undefined ? 'undefined' : showValue(value)
  return `is ${what}, which JSON cannot carry: ${advice}.`
}
