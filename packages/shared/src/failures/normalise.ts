/** Longer messages are cut before anything is replaced: what tells failures apart stands at their beginning. */
const MAX_READ = 2_000
/** What is kept of the result. */
const MAX_PATTERN = 300

/**
 * What changes from one failure to the next, and the word that takes its place; in this order, since a URL contains a path
 * and a path numbers. Every expression is linear: messages come from anywhere.
 */
const CHANGING: readonly (readonly [RegExp, string])[] = [
  [/\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s"'`<>)\]}]+/gi, '<url>'],
  [/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g, '<email>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/"[^"\n]{0,500}"|`[^`\n]{0,500}`|(?<![\w'])'[^'\n]{0,500}'(?!\w)/g, '<text>'],
  [/\b\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?)?/g, '<time>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d{1,5})?\b/g, '<address>'],
  [/\[?\b(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}\b\]?(?::\d{1,5})?|::1(?::\d{1,5})?/gi, '<address>'],
  [/(?<![\w/\\])(?:[a-z]:\\|\.{0,2}[\\/])[\w.@~+-]+(?:[\\/][\w.@~+-]+)*[\\/]?/gi, '<path>'],
  [/\b0x[0-9a-f]+\b/gi, '<hex>'],
  // an id: letters and digits mixed, long enough not to be a word such as "utf8" or "sha256"
  [/\b(?=[a-z_-]{0,64}\d)(?=[\d_-]{0,64}[a-z])[\w-]{12,128}\b/gi, '<id>'],
  [/\b[0-9a-f]{16,128}\b/gi, '<hex>'],
  // a number keeps its unit and its word: "30ms" and "retry3" lose only their digits
  [/[+-]?\d+(?:[.,]\d+)*/g, '<n>'],
]

/**
 * A message without what changes from one failure to the next: `user 4711 not found` and `user 815 not found` become
 * `user <n> not found`. At most 300 characters on one line.
 */
export function normaliseMessage(message: string): string {
  let pattern = message.slice(0, MAX_READ)
  for (const [changing, word] of CHANGING) pattern = pattern.replaceAll(changing, word)
  return pattern.replaceAll(/\s+/g, ' ').trim().slice(0, MAX_PATTERN)
}
