import type { Json } from '../json.ts'

/**
 * A copy with every text replaced, at any depth; keys stay as they are. What does not change is not copied, so that
 * parts that were shared stay shared. `replace` is given the way to the text only when it calls `path()`.
 */
export function replaceTexts(
  value: Json,
  replace: (text: string, path: () => (string | number)[]) => Json,
  steps: (string | number)[] = [],
): Json {
  if (typeof value === 'string') return replace(value, () => [...steps])
  if (typeof value !== 'object' || value === null) return value
  let changed = false
  const inside = (child: Json, step: string | number): Json => {
    steps.push(step)
    const replaced = replaceTexts(child, replace, steps)
    steps.pop()
    changed ||= replaced !== child
    return replaced
  }
  if (isList(value)) {
    const items = value.map(inside)
    return changed ? items : value
  }
  const entries = Object.entries(value).map(([key, child]) => [key, inside(child, key)] as const)
  return changed ? Object.fromEntries(entries) : value
}

/** Array.isArray, for readonly arrays. */
export const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** True for an object that is not a list. */
export const isRecord = (value: Json | undefined): value is { readonly [key: string]: Json } =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
