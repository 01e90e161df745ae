import type { Json } from '@millrace/shared'

export type Serialised =
  | { readonly ok: true; readonly value: Json }
  | { readonly ok: false; readonly problems: readonly string[] }

/** Lists and objects inside each other. Redis reads JSON with Lua, which gives up at 1,000. */
const MAX_DEPTH = 100
/** Enough to see what is wrong; a list of a million functions is one mistake. */
const MAX_PROBLEMS = 20

/**
 * The plain data that JSON makes of a value, or everything in it that JSON would lose or refuse, each with its path.
 * `undefined` becomes `null`, and is left out as a property; what has a `toJSON`, such as a Date, is asked.
 *
 * Refused, where `JSON.stringify` throws or loses without a word: functions, symbols, bigints, NaN and infinities,
 * cycles, maps, sets, errors, promises, binary data, more than 100 levels.
 *
 * @param name what paths begin with.
 */
export function toJson(value: unknown, name = 'output'): Serialised {
  const problems: string[] = []
  const above = new Set<object>()

  function refuse(path: string, problem: string): null {
    if (problems.length < MAX_PROBLEMS) problems.push(`${path}: ${problem}`)
    return null
  }

  function visit(value: unknown, path: string): Json {
    switch (typeof value) {
      case 'undefined':
        return null
      case 'string':
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) ? value : refuse(path, `${value} is no JSON number`)
      case 'object':
        return value === null ? null : visitObject(value, path)
      case 'bigint':
        return refuse(path, 'a bigint; convert it to a string or a number')
      default:
        return refuse(path, `a ${typeof value}`)
    }
  }

  function visitObject(object: object, path: string): Json {
    if (above.has(object)) return refuse(path, 'refers to something that contains it')
    if (above.size >= MAX_DEPTH) return refuse(path, `more than ${MAX_DEPTH} levels deep`)
    const lost = lostKind(object)
    if (lost) return refuse(path, lost)
    above.add(object)
    const json = plain(object, path)
    above.delete(object)
    return json
  }

  function plain(object: object, path: string): Json {
    if ('toJSON' in object && typeof object.toJSON === 'function') return visit(object.toJSON(), path)
    if (Array.isArray(object)) return Array.from(object, (item, index) => visit(item, `${path}[${index}]`))
    const entries = Object.entries(object).filter(([, item]) => item !== undefined)
    return Object.fromEntries(entries.map(([key, item]) => [key, visit(item, step(path, key))]))
  }

  const json = visit(value, name)
  return problems.length === 0 ? { ok: true, value: json } : { ok: false, problems }
}

const step = (path: string, key: string) =>
  /^[\w$]+$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`

/** What JSON would turn into `{}` or worse. */
function lostKind(object: object): string | undefined {
  if (object instanceof Map || object instanceof Set)
    return `a ${object.constructor.name}; convert it to an array or an object`
  if (object instanceof Error) return 'an Error; throw it, or return its message'
  if (object instanceof Promise) return 'a Promise; await it'
  if (ArrayBuffer.isView(object) || object instanceof ArrayBuffer)
    return 'binary data; encode it, or store it and return its address'
  if (object instanceof Date && Number.isNaN(object.getTime())) return 'an invalid Date'
  return undefined
}
