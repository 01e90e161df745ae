/**
 * A path as JSON can carry it. File names are bytes: what is not valid UTF-8 is kept as `base64:<bytes>`, everything else
 * as plain text.
 */
export type PathText = string

const MARK = 'base64:'

export function pathToText(bytes: Buffer): PathText {
  const text = bytes.toString('utf8')
  return Buffer.from(text, 'utf8').equals(bytes) && !text.startsWith(MARK) ? text : MARK + bytes.toString('base64')
}

export function textToPath(text: PathText): Buffer {
  return text.startsWith(MARK) ? Buffer.from(text.slice(MARK.length), 'base64') : Buffer.from(text, 'utf8')
}

/** The path for people: one line, control characters and bytes that are no text shown as escapes. */
export function showPath(text: PathText): string {
  const shown = text.startsWith(MARK) ? textToPath(text).toString('latin1') : text
  return shown.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const known: Record<string, string> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' }
    return known[character] ?? `\\u{${character.codePointAt(0)?.toString(16)}}`
  })
}
