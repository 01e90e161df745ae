import type { Look, Style } from './look.ts'
import { cut, widthOf } from './width.ts'

export type Part = string | readonly [style: Style, text: string]

/** Joins parts by blanks into one line of at most `width` columns, so that a redrawn line never wraps. */
export function renderParts(parts: readonly Part[], width: number, look: Look, gap = '  '): string {
  let left = width
  let line = ''
  for (const part of parts) {
    const [style, text] = typeof part === 'string' ? [undefined, part] : part
    if (text === '') continue
    const lead = line === '' ? '' : gap
    const shown = cut(text, left - lead.length)
    if (shown === '') break
    line += lead + (style ? look.paint(style, shown) : shown)
    left -= lead.length + widthOf(shown)
  }
  return line
}
