/**
 * True when some object in this text names a field twice; JSON.parse keeps the last and says nothing.
 *
 * @param text correct JSON; `value` is what JSON.parse made of it.
 * It compares how many keys the text has with how many the value has. O(length of the text), no second parser.
 */
export function hasDuplicateKeys(text: string, value: unknown): boolean {
  return keysInText(text) !== keysInValue(value)
}

/** In correct JSON a key is a quoted text with a colon after it. */
function keysInText(text: string): number {
  let keys = 0
  for (let quote = text.indexOf('"'); quote >= 0; quote = text.indexOf('"', quote)) {
    let end = quote + 1
    while (text[end] !== '"') end += text[end] === '\\' ? 2 : 1
    quote = end + 1
    while (text[quote] === ' ' || text[quote] === '\n' || text[quote] === '\r' || text[quote] === '\t') quote++
    if (text[quote] === ':') keys++
  }
  return keys
}

function keysInValue(root: unknown): number {
  let keys = 0
  const open = [root]
  while (open.length > 0) {
    const value = open.pop()
    if (typeof value !== 'object' || value === null) continue
    const children = Object.values(value)
    if (!Array.isArray(value)) keys += children.length
    for (const child of children) open.push(child)
  }
  return keys
}
