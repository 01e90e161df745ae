import { didYouMean, nearestOf } from '../nearest.ts'
import { REFERENCE_ROOTS, type Reference } from './reference.ts'

/** What an expression turned out to be, and where the text goes on after its `}}`. */
export type Expression =
  | { readonly kind: 'reference'; readonly reference: Reference; readonly end: number }
  | { readonly kind: 'text'; readonly text: string; readonly end: number }
  | { readonly kind: 'malformed'; readonly problem: string; readonly end: number }

const NAME = /[A-Za-z_][A-Za-z0-9_-]*/y
const SPACE = /\s*/y
const CLOSE = /\s*\}\}/y
const STEP = /\.([A-Za-z_][A-Za-z0-9_-]*)|\[(\d{1,9})\]|\['([^']*)'\]|\["([^"]*)"\]/y
const QUOTED = /'([^']*)'|"([^"]*)"/y

/**
 * Reads one expression; `start` is just after its `${{`. The grammar is all there is, on purpose: no operators, no
 * functions, nothing that could run.
 *
 *     expression = reference | quoted text
 *     reference  = ("inputs" | "needs" | "item" | "index") step*
 *     step       = "." name | "[" number "]" | "['" any text "']"
 */
export function readExpression(text: string, start: number): Expression {
  const begin = start + at(SPACE, text, start)![0].length
  const quoted = at(QUOTED, text, begin)
  if (quoted) return closed(text, begin + quoted[0].length, { kind: 'text', text: quoted[1] ?? quoted[2]! })

  const root = at(NAME, text, begin)
  if (!root)
    return malformed(text, start, text.startsWith('}}', begin) ? 'it is empty' : 'it does not begin with a name')
  const steps: (string | number)[] = []
  let end = begin + root[0].length
  for (let step = at(STEP, text, end); step; step = at(STEP, text, end)) {
    steps.push(step[2] === undefined ? (step[1] ?? step[3] ?? step[4]!) : Number(step[2]))
    end += step[0].length
  }
  if (!at(CLOSE, text, end)) return malformed(text, start, unexpected(text, end))
  const reference = asReference(root[0], steps)
  if (typeof reference === 'string') return malformed(text, start, reference)
  return closed(text, end, { kind: 'reference', reference })
}

function asReference(root: string, steps: (string | number)[]): Reference | string {
  const [first, second, ...rest] = steps
  switch (root) {
    case 'inputs':
      if (typeof first !== 'string') return 'write inputs.<name>'
      return { root, name: first, steps: steps.slice(1) }
    case 'needs':
      if (typeof first !== 'string' || second !== 'output') return 'write needs.<job>.output'
      return { root, job: first, steps: rest }
    case 'item':
      return { root, steps }
    case 'index':
      return steps.length > 0 ? 'index is a number and has no parts' : { root, steps }
    default: {
      const nearest = nearestOf(REFERENCE_ROOTS)(root)
      return `"${root.slice(0, 40)}" is not one of ${REFERENCE_ROOTS.join(', ')}.${didYouMean(nearest)}`.replace(
        /\.$/,
        '',
      )
    }
  }
}

function closed<E extends { kind: 'reference'; reference: Reference } | { kind: 'text'; text: string }>(
  text: string,
  end: number,
  expression: E,
): Expression {
  const close = at(CLOSE, text, end)
  return close ? { ...expression, end: end + close[0].length } : malformed(text, end, unexpected(text, end))
}

function unexpected(text: string, position: number): string {
  const rest = text.slice(position).trimStart()
  if (rest === '') return 'it is not closed: add }}'
  if (/^\.\d/.test(rest)) return `"${rest.slice(0, 10)}" is no step: write a position as [0]`
  return `"${rest.slice(0, 10)}" is unexpected: there are no operators and no functions, only references`
}

function malformed(text: string, start: number, problem: string): Expression {
  const close = text.indexOf('}}', start)
  return {
    kind: 'malformed',
    problem: close < 0 ? 'it is not closed: add }}' : problem,
    end: close < 0 ? text.length : close + 2,
  }
}

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
  pattern.lastIndex = position
  return pattern.exec(text)
}
