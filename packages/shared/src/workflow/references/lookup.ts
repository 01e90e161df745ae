import type { Json } from '../json.ts'
import { didYouMean, nearestOf } from '../nearest.ts'
import { printSteps, type Steps } from './reference.ts'

/** What stands where a reference points, or why nothing does. */
export type Found =
  | { readonly kind: 'value'; readonly value: Json }
  | { readonly kind: 'problem'; readonly problem: string }

/**
 * Walks into a value. Only own fields of objects and positions of lists can be reached: never what JavaScript adds.
 *
 * @param base what `value` is called in a problem, e.g. `needs.fetch.output`.
 */
export function lookUp(base: string, value: Json, steps: Steps): Found {
  let here: unknown = value
  for (const [index, step] of steps.entries()) {
    const next = Array.isArray(here) ? atPosition(here, step) : ownField(here, step)
    if (next === undefined)
      return { kind: 'problem', problem: nothingAt(`${base}${printSteps(steps.slice(0, index))}`, here, step) }
    here = next
  }
  return { kind: 'value', value: here as Json }
}

const atPosition = (list: readonly unknown[], step: string | number) =>
  typeof step === 'number' && Object.hasOwn(list, step) ? list[step] : undefined

const ownField = (value: unknown, step: string | number) =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, step)
    ? (value as Record<string, unknown>)[step]
    : undefined

function nothingAt(where: string, value: unknown, step: string | number): string {
  if (Array.isArray(value)) {
    const size = `a list of ${value.length}`
    return `${where} is ${size}: there is no ${typeof step === 'number' ? printSteps([step]) : `field "${step}"`}`
  }
  if (typeof value !== 'object' || value === null) {
    return `${where} is ${value === null ? 'null' : `a ${typeof value}`} and has no ${printSteps([step])}`
  }
  const keys = Object.keys(value)
  const hint =
    didYouMean(nearestOf(keys)(String(step))) || (keys.length === 0 ? '' : ` It has ${keys.slice(0, 5).join(', ')}.`)
  return `${where} has no field "${step}".${hint}`.replace(/\.$/, '')
}
