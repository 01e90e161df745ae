import type { Issue } from './issue.ts'

export type Path = readonly (string | number)[]

/** An issue before it has a place in the text. */
export interface Finding extends Pick<Issue, 'code' | 'message' | 'path'> {
  /** What the position points at: the field's name, its value (the default), or nothing in this text. */
  readonly at?: 'key' | 'value' | 'elsewhere'
}

/** `['jobs', 'parse', 'needs', 0]` as people write it: `jobs.parse.needs[0]`. */
export function showPath(path: Path): string {
  return path
    .map((step, position) => {
      if (typeof step === 'number') return `[${step}]`
      if (!/^[\w$-]+$/.test(step)) return `[${clip(JSON.stringify(step))}]`
      return position === 0 ? step : `.${step}`
    })
    .join('')
}

/** A value as a message shows it: short, on one line. Takes whatever a library object may hold. */
export function showValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing'
  if (typeof value === 'string') return value === '' ? 'an empty text' : clip(JSON.stringify(value))
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  if (typeof value === 'bigint') return `the bigint ${clip(String(value))}`
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value !== 'object') return `a ${typeof value}`
  const kind = Object.getPrototypeOf(value)?.constructor?.name
  return typeof kind === 'string' && kind !== 'Object' ? `an object of class ${clip(kind)}` : 'an object'
}

const clip = (text: string): string => (text.length <= 80 ? text : `${text.slice(0, 76)} …${text.at(-1)}`)
