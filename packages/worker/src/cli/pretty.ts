import { styleText } from 'node:util'

const COLOURS = { trace: 'gray', debug: 'gray', info: 'green', warn: 'yellow', error: 'red', fatal: 'red' } as const
/** Shown elsewhere in the line, or the same in every line. */
const HIDDEN = new Set(['level', 'time', 'msg', 'service', 'stack', 'err'])

/** Turns a line of the JSON log into one for people; what is no such line stays as it is. */
export function prettyLine(json: string, colour: boolean): string {
  let entry: Record<string, unknown>
  try {
    entry = JSON.parse(json)
  } catch {
    return json
  }
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    colour ? styleText(style, text, { validateStream: false }) : text
  const level = String(entry['level'])
  const time = String(entry['time']).slice(11, 23)
  const fields = Object.entries(entry).filter(([name]) => !HIDDEN.has(name))
  const details = fields.map(([name, value]) => `${paint('gray', `${name}=`)}${show(value)}`).join(' ')
  const stack = stackOf(entry)
  const head = `${paint('gray', time)} ${paint(COLOURS[level as keyof typeof COLOURS] ?? 'gray', level.padEnd(5))} ${entry['msg']}`
  return `${head}${details && ` ${details}`}\n${stack ? `${paint('gray', indent(stack))}\n` : ''}`
}

const show = (value: unknown) =>
  typeof value === 'string' && /^[\w./:@-]+$/.test(value) ? value : JSON.stringify(value)

function stackOf(entry: Record<string, unknown>): string {
  const error = entry['err'] as { stack?: unknown } | undefined
  const stack = entry['stack'] ?? error?.stack
  return typeof stack === 'string' ? stack : ''
}

const indent = (text: string) => text.replace(/^/gm, '    ')
