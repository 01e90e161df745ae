import type { Look } from './look.ts'
import { pad, widthOf } from './width.ts'

/** `name  value` lines with aligned values; entries without a value are left out. */
export function renderFields(
  fields: readonly (readonly [name: string, value: string | undefined])[],
  look: Look,
): string {
  const present = fields.filter(([, value]) => value !== undefined && value !== '')
  const names = Math.max(0, ...present.map(([name]) => widthOf(name)))
  return present.map(([name, value]) => `${look.paint('dim', pad(name, names))}  ${value}`).join('\n')
}
