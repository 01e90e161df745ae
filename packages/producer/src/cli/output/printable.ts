/** Control characters and marks that change the direction of text: they could rewrite what stands around them. */
const UNPRINTABLE = /[\p{Cc}\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu

/**
 * Text from outside, made safe to print on one line: white space becomes a blank, other control characters are shown as
 * escapes. Messages of handlers and names of jobs could otherwise move the cursor or hide text.
 */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim().replace(UNPRINTABLE, escaped)

/** The same for text of several lines, such as a stack: line breaks stay. */
export const manyLines = (text: string): string =>
  text
    .replace(/\r\n?/g, '\n')
    .replace(UNPRINTABLE, (mark) => (mark === '\n' ? mark : mark === '\t' ? '  ' : escaped(mark)))

/** The same for a line of source text: every such character takes one column, so that a caret below stays right. */
export const dotted = (text: string): string => text.replace(UNPRINTABLE, '·')

const escaped = (mark: string) => `\\u${mark.charCodeAt(0).toString(16).padStart(4, '0')}`
