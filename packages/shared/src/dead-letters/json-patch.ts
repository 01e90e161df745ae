import { isDeepStrictEqual } from 'node:util'
import type { Json } from '../workflow/json.ts'

/** One operation of RFC 6902; `path` and `from` are JSON pointers of RFC 6901. */
export interface PatchOperation {
  readonly op: 'add' | 'remove' | 'replace' | 'move' | 'copy' | 'test'
  readonly path: string
  readonly from?: string
  readonly value?: Json
}

type Open = { [name: string]: Json } | Json[]

/**
 * A copy of the value with the operations applied, in their order.
 *
 * @throws RangeError that names the operation and what it did not find; nothing is changed then.
 */
export function applyPatch(value: Json, operations: readonly PatchOperation[]): Json {
  let root = structuredClone(value)
  for (const [index, operation] of operations.entries()) {
    try {
      root = apply(root, operation)
    } catch (error) {
      throw new RangeError(`operation ${index + 1} (${operation.op} ${operation.path}): ${(error as Error).message}`)
    }
  }
  return root
}

function apply(root: Json, { op, path, from = '', value = null }: PatchOperation): Json {
  switch (op) {
    case 'add':
      return put(root, pointer(path), structuredClone(value), true)
    case 'replace':
      return put(root, pointer(path), structuredClone(value), false)
    case 'remove':
      return take(root, pointer(path))
    case 'copy':
      return put(root, pointer(path), structuredClone(get(root, pointer(from))), true)
    case 'move': {
      if (path.startsWith(`${from}/`)) throw new RangeError('a value cannot be moved into itself')
      const moved = get(root, pointer(from))
      return put(take(root, pointer(from)), pointer(path), moved, true)
    }
    case 'test':
      if (!isDeepStrictEqual(get(root, pointer(path)), value)) throw new RangeError('the value is another one')
      return root
    default:
      throw new RangeError('there is no such operation; use add, remove, replace, move, copy or test')
  }
}

function pointer(text: string): string[] {
  if (text === '') return []
  if (!text.startsWith('/')) throw new RangeError(`${JSON.stringify(text)} is no JSON pointer: it begins with "/"`)
  return text
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
}

function get(root: Json, path: readonly string[]): Json {
  let value = root
  for (const part of path) value = (open(value, path) as { [name: string]: Json })[existing(value, part)] as Json
  return value
}

function put(root: Json, path: readonly string[], value: Json, isNew: boolean): Json {
  const last = path.at(-1)
  if (last === undefined) return value
  const parent = open(get(root, path.slice(0, -1)), path)
  if (!isNew) existing(parent, last)
  if (!Array.isArray(parent)) Object.defineProperty(parent, last, { value, ...PLAIN })
  else if (isNew) parent.splice(last === '-' ? parent.length : place(last, parent.length), 0, value)
  else parent[Number(last)] = value
  return root
}

/** A name such as `__proto__` is a name like any other. */
const PLAIN = { writable: true, enumerable: true, configurable: true }

function take(root: Json, path: readonly string[]): Json {
  const last = path.at(-1)
  if (last === undefined) return null
  const parent = open(get(root, path.slice(0, -1)), path)
  existing(parent, last)
  if (Array.isArray(parent)) parent.splice(Number(last), 1)
  else delete parent[last]
  return root
}

function open(value: Json, path: readonly string[]): Open {
  if (typeof value === 'object' && value !== null) return value as Open
  throw new RangeError(`/${path.join('/')} leads into ${JSON.stringify(value)}, which has nothing in it`)
}

function existing(parent: Json, name: string): string {
  const found = Array.isArray(parent) ? place(name, parent.length - 1) >= 0 : Object.hasOwn(open(parent, []), name)
  if (!found) throw new RangeError(`there is no ${JSON.stringify(name)}`)
  return name
}

function place(name: string, most: number): number {
  if (/^(?:0|[1-9]\d*)$/.test(name) && Number(name) <= most) return Number(name)
  throw new RangeError(`there is no place ${JSON.stringify(name)}`)
}

/** The operations by which `customer.id` gets a value: objects on the way are made when they are missing. */
export function setOperations(input: Json, path: string, value: Json): PatchOperation[] {
  const parts = path.split('.')
  const operations: PatchOperation[] = []
  let at: Json | undefined = input
  if (at === null) operations.push({ op: 'add', path: '', value: {} })
  let text = ''
  for (const [index, part] of parts.entries()) {
    text += `/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const next: Json | undefined =
      typeof at === 'object' && at !== null && Object.hasOwn(at, part)
        ? (at as { [name: string]: Json })[part]
        : undefined
    if (index === parts.length - 1) {
      operations.push({ op: next === undefined ? 'add' : 'replace', path: text, value })
    } else if (next === undefined) operations.push({ op: 'add', path: text, value: {} })
    at = next
  }
  return operations
}
