import { LineCounter, parseDocument, type YAMLError, type ErrorCode as YamlErrorCode } from 'yaml'
import type { Finding, Path } from '../finding.ts'
import type { Issue } from '../issue.ts'
import { nodeFindings } from './yaml-nodes.ts'
import { type At, offsetFinder } from './yaml-position.ts'

export type Locate = (path: Path, at: At) => { line: number; column: number } | undefined

export type YamlReading =
  | { readonly ok: true; readonly value: unknown; readonly findings: readonly Finding[]; readonly locate: Locate }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/** What to do, where the parser's own words do not say it. */
const ADVICE: Partial<Record<YamlErrorCode, string>> = {
  BAD_ALIAS: 'Write *name, and define &name before it.',
  BAD_INDENT: 'Check brackets and indentation from here upwards.',
  BAD_SCALAR_START: 'Put the value in quotes.',
  BLOCK_AS_IMPLICIT_KEY: 'Check the indentation, or put a value that has a colon in quotes.',
  MISSING_CHAR: 'Look for a missing quote, comma, colon or bracket before this place.',
  MULTILINE_IMPLICIT_KEY: 'Check the indentation and look for a missing colon.',
  MULTIPLE_DOCS: 'Submit the documents one by one.',
  TAB_AS_INDENT: 'Use spaces.',
}

/**
 * Reads YAML 1.2, with merge keys (`<<`), or JSON. Field names that occur twice, aliases without an anchor and tags
 * without a meaning are reported; aliases stay shared in the value, they are not copied.
 */
export function readYaml(text: string): YamlReading {
  const lines = new LineCounter()
  const place = (offset: number) => {
    const { line, col } = lines.linePos(offset)
    return { line, column: col }
  }
  const refuse = (problems: readonly { message: string; offset: number }[]): YamlReading => ({
    ok: false,
    issues: problems.map(({ message, offset }) => ({
      code: 'MILLRACE_WORKFLOW_SYNTAX',
      message,
      path: [],
      ...place(offset),
    })),
  })
  const language = text.trimStart().startsWith('{') ? 'JSON' : 'YAML'

  // the parser's own search for duplicate keys takes quadratic time
  const document = parseDocument(text, {
    lineCounter: lines,
    merge: true,
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'error',
  })
  const errors = onePerLine([...document.errors, ...document.warnings], place)
  if (errors.length > 0)
    return refuse(errors.map((error) => ({ message: explain(error, language), offset: error.pos[0] })))

  const { findings, broken, targets } = nodeFindings(document)
  if (broken.length > 0) return refuse(broken)
  const offsetOf = offsetFinder(document, targets)
  const locate: Locate = (path, at) => {
    const offset = offsetOf(path, at)
    return offset === undefined ? undefined : place(offset)
  }
  try {
    // aliases are not limited: they share memory here, and are measured before anything expands them
    return { ok: true, value: document.toJS({ maxAliasCount: -1 }), findings, locate }
  } catch (error) {
    return refuse([{ message: `Not valid ${language}: ${(error as Error).message}.`, offset: 0 }])
  }
}

/** One mistake often makes several errors; the first of a line tells most. */
function onePerLine(errors: readonly YAMLError[], place: (offset: number) => { line: number }): YAMLError[] {
  const byLine = new Map<number, YAMLError>()
  for (const error of errors.toSorted((a, b) => a.pos[0] - b.pos[0])) {
    const { line } = place(error.pos[0])
    if (!byLine.has(line)) byLine.set(line, error)
  }
  return [...byLine.values()]
}

function explain(error: YAMLError, language: string): string {
  const text =
    error.code === 'MULTIPLE_DOCS' ? 'The text has several documents' : error.message.replace(/[.:;\s]+$/, '')
  const advice = ADVICE[error.code]
  return `Not valid ${language}: ${text}.${advice === undefined ? '' : ` ${advice}`}`
}
