import type { Look, Style } from './look.ts'
import { widthOf } from './width.ts'
import { wrap } from './wrap.ts'

const INDENT = 4

/**
 * `lead  message` where that fits the terminal; else the message stands below, indented and wrapped, and keeps the line breaks and
 * indentation of its own.
 */
export function renderMessage(lead: readonly (readonly [Style, string])[], message: string, look: Look): string {
  const head = lead.map(([style, text]) => look.paint(style, text)).join('  ')
  const headWidth = widthOf(lead.map(([, text]) => text).join('  '))
  const [first = '', ...more] = message.split('\n')
  if (more.length === 0 && headWidth + 2 + widthOf(first) <= look.width) return `${head}  ${first}`
  if (look.width === Number.POSITIVE_INFINITY) return `${head}  ${message}`
  const lines = [first, ...more].flatMap((line) => {
    const text = line.trimStart()
    const indent = INDENT + line.length - text.length
    return wrap(text, look.width - indent).map((part) => ' '.repeat(indent) + part)
  })
  return [head, ...lines].join('\n')
}
