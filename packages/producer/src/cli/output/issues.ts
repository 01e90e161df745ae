import type { Issue } from '@millrace/shared'
import { amount } from './amount.ts'
import type { Look } from './look.ts'
import { renderMessage } from './message.ts'
import { dotted, manyLines, oneLine } from './printable.ts'
import { widthOf } from './width.ts'

/** Columns of source shown when the terminal does not say how wide it is. */
const SOURCE_COLUMNS = 100

/**
 * Every problem as `file:line:column  CODE  message`, with the source line and a caret below it, then how many there are.
 *
 * @param source the text the positions belong to; without it, and for issues without a position, the path is named.
 */
export function renderIssues(issues: readonly Issue[], file: string, source: string | undefined, look: Look): string {
  const sourceLines = source?.split(/\r\n|\r|\n/)
  const blocks = issues.map((issue) => {
    const path = pathText(issue.path)
    const place =
      issue.line === undefined
        ? file + (path && ` at ${path}`)
        : [file, issue.line, issue.column].filter((part) => part !== undefined).join(':')
    const lead = [['bold', place] as const, ['red', issue.code] as const]
    const head = renderMessage(lead, manyLines(issue.message), look)
    const text = issue.line === undefined ? undefined : sourceLines?.[issue.line - 1]
    return text === undefined ? head : `${head}\n${excerpt(text, issue.line as number, issue.column, look)}`
  })
  const count = amount(issues.length, 'problem')
  return `${blocks.join('\n')}\n\n${count} in ${file}`
}

/** One source line behind its number, and a caret under `column` (counted from 1, in UTF-16 units as editors do). */
export function excerpt(source: string, line: number, column: number | undefined, look: Look): string {
  const gutter = `${String(line).padStart(5)} | `
  const room = Math.max(20, (Number.isFinite(look.width) ? look.width : SOURCE_COLUMNS) - gutter.length)
  const clean = source.replace(/\t/g, ' ')
  const at = Math.min(Math.max(0, (column ?? 1) - 1), clean.length)
  // a long line is shown from where its caret is in sight
  const from = at < room - 10 ? 0 : at - Math.floor(room / 2)
  const head = from > 0 ? '…' : ''
  const shown = dotted(clean.slice(from + head.length, from + room - 1))
  const tail = from + room - 1 < clean.length ? '…' : ''
  const numbered = look.paint('dim', gutter) + head + shown + tail
  if (column === undefined) return numbered
  const before = widthOf(head + dotted(clean.slice(from + head.length, at)))
  return `${numbered}\n${look.paint('dim', `${' '.repeat(gutter.length - 2)}| `)}${' '.repeat(before)}${look.paint('red', '^')}`
}

/** `jobs.parse.needs[0]` */
const pathText = (path: Issue['path']): string =>
  path.reduce<string>(
    (text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${oneLine(step)}`),
    '',
  )
