let segmenter: Intl.Segmenter | undefined // made for the first text that needs it: 10 ms, which plain ones need not wait for

function segmentsOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** What terminals draw two columns wide: East Asian wide and full-width characters, and emoji. */
const WIDE =
  /^(?:\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|[\u3000-\u303e\uff01-\uff60\uffe0-\uffe6])/u
const ZERO = /^(?:\p{Mark}|\u200b|\ufeff)+$/u
const PLAIN = /^[\u0020-\u007e]*$/

/** Columns that a text without control characters takes on a terminal. */
export function widthOf(text: string): number {
  if (PLAIN.test(text)) return text.length
  let width = 0
  for (const { segment } of segmentsOf(text)) width += segmentWidth(segment)
  return width
}

/** The text, or its beginning and `…`, so that it takes at most `width` columns. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text
  if (width < 1) return ''
  let kept = ''
  let used = 1 // for the ellipsis
  for (const { segment } of segmentsOf(text)) {
    used += segmentWidth(segment)
    if (used > width) break
    kept += segment
  }
  return `${kept.trimEnd()}…`
}

export function pad(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - widthOf(text)))
  return align === 'left' ? text + blanks : blanks + text
}

const segmentWidth = (segment: string) => (ZERO.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1)
