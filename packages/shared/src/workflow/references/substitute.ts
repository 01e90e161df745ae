import type { Json } from '../json.ts'
import type { Found } from './lookup.ts'
import type { Reference } from './reference.ts'
import { type Part, printTemplate } from './template.ts'

/** `keep` leaves a reference for later. */
export type Lookup = (reference: Reference) => Found | { readonly kind: 'keep' }

export type Substituted =
  | { readonly kind: 'value'; readonly value: Json }
  /** Some references were kept: the text is still a template. */
  | { readonly kind: 'template'; readonly text: string }

/**
 * Puts values in the place of references. A text that is one reference and nothing else takes the value as it is, type
 * included; otherwise values become text: texts as they are, everything else as JSON.
 *
 * @param report is told of every reference that cannot be replaced; the result is of no use then.
 * @param maxLength of a text that references are put into: `'${{ item }}'` a thousand times is short, its value is not.
 */
export function substitute(
  parts: readonly Part[],
  lookup: Lookup,
  report: (problem: string) => void,
  maxLength: number,
): Substituted {
  const done: Part[] = []
  let length = 0
  for (const part of parts) {
    if (part.kind === 'text') {
      append(done, part.text)
      length += part.text.length
      continue
    }
    if (part.kind === 'malformed') {
      report(`${shorten(part.source)} cannot be read: ${part.problem}`)
      continue
    }
    const found = lookup(part.reference)
    if (found.kind === 'problem') report(`${shorten(part.source)}: ${found.problem}`)
    else if (found.kind === 'keep') done.push(part)
    else if (parts.length === 1) return found
    else {
      const text = typeof found.value === 'string' ? found.value : JSON.stringify(found.value)
      length += text.length
      if (length > maxLength) {
        report(`the text grows beyond ${maxLength.toLocaleString('en')} characters when its references are filled in`)
        return { kind: 'value', value: null }
      }
      append(done, text)
    }
  }
  const [only, second] = done
  if (only === undefined) return { kind: 'value', value: '' }
  if (second === undefined && only.kind === 'text') return { kind: 'value', value: only.text }
  return { kind: 'template', text: printTemplate(done) }
}

/** Neighbouring texts become one part, so that a template printed from the parts reads back the same. */
function append(parts: Part[], text: string): void {
  const last = parts.at(-1)
  if (last?.kind === 'text') parts[parts.length - 1] = { kind: 'text', text: last.text + text }
  else parts.push({ kind: 'text', text })
}

const shorten = (source: string): string => (source.length <= 80 ? source : `${source.slice(0, 76)} … }}`)
