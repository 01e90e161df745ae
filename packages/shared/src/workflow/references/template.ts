import { readExpression } from './expression.ts'
import { printReference, type Reference } from './reference.ts'

const OPEN = '${{'

/** A piece of a text that may hold references. `source` is what the author wrote. */
export type Part =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'reference'; readonly reference: Reference; readonly source: string }
  | { readonly kind: 'malformed'; readonly problem: string; readonly source: string }

/**
 * Takes a text apart. `$${{` stands for a plain `${{`, and so does the quoted text `${{ '${{' }}`; neighbouring texts are
 * one part. Never refuses: what cannot be read is a part of its own kind.
 */
export function readTemplate(text: string): Part[] {
  const parts: Part[] = []
  let plain = ''
  const flush = () => {
    if (plain !== '') parts.push({ kind: 'text', text: plain })
    plain = ''
  }
  let position = 0
  for (let open = text.indexOf(OPEN); open >= 0; open = text.indexOf(OPEN, position)) {
    const escaped = open > position && text[open - 1] === '$'
    plain += text.slice(position, escaped ? open - 1 : open)
    if (escaped) {
      plain += OPEN
      position = open + OPEN.length
      continue
    }
    const expression = readExpression(text, open + OPEN.length)
    const source = text.slice(open, expression.end)
    position = expression.end
    if (expression.kind === 'text') {
      plain += expression.text
      continue
    }
    flush()
    if (expression.kind === 'reference') parts.push({ kind: 'reference', reference: expression.reference, source })
    else parts.push({ kind: 'malformed', problem: expression.problem, source })
  }
  plain += text.slice(position)
  flush()
  return parts
}

/** The opposite: `readTemplate(printTemplate(parts))` are the same parts, as long as no two texts are neighbours. */
export function printTemplate(parts: readonly Part[]): string {
  let text = ''
  for (const [index, part] of parts.entries()) {
    if (part.kind === 'text') text += printText(part.text, parts[index + 1] !== undefined)
    else text += part.kind === 'reference' ? `${OPEN} ${printReference(part.reference)} }}` : part.source
  }
  return text
}

/** Dollars just before a reference would read as its escape, so they become a quoted text. */
function printText(text: string, beforeReference: boolean): string {
  const dollars = beforeReference ? (/\$+$/.exec(text)?.[0] ?? '') : ''
  const rest = escapeText(text.slice(0, text.length - dollars.length))
  return dollars === '' ? rest : `${rest}${OPEN} '${dollars}' }}`
}

/** The text as a template that means exactly this text. */
export const escapeText = (text: string): string => text.split(OPEN).join(`$${OPEN}`)

/** True for a text that cannot differ from its template: nothing to read, nothing to escape. */
export const isPlain = (text: string): boolean => !text.includes(OPEN)
