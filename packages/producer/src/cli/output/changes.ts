import type { Json } from '@millrace/shared'
import type { Look } from './look.ts'
import { oneLine } from './printable.ts'

interface Change {
  readonly path: string
  readonly before: Json | undefined
  readonly after: Json | undefined
}

/** What differs between two values, by path; of equal parts nothing. */
function changesOf(before: Json | undefined, after: Json | undefined, path = ''): Change[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  if (!isObject(before) || !isObject(after)) return [{ path: path || '.', before, after }]
  const names = new Set([...Object.keys(before), ...Object.keys(after)])
  return [...names].flatMap((name) => changesOf(before[name], after[name], path === '' ? name : `${path}.${name}`))
}

const isObject = (value: Json | undefined): value is { readonly [name: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Two lines for each change: what it was and what it is. */
export function renderChanges(before: Json, after: Json, look: Look): string {
  const lines = changesOf(before, after).flatMap((change) => [
    ...(change.before === undefined
      ? []
      : [look.paint('red', oneLine(`  - ${change.path}: ${JSON.stringify(change.before)}`))]),
    ...(change.after === undefined
      ? []
      : [look.paint('green', oneLine(`  + ${change.path}: ${JSON.stringify(change.after)}`))]),
  ])
  return lines.length === 0 ? '    (nothing changes)' : lines.join('\n')
}
