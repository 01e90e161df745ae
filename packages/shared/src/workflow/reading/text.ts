import type { Finding } from '../finding.ts'
import type { Issue } from '../issue.ts'
import type { Limits } from '../limits.ts'
import { hasDuplicateKeys } from './json-keys.ts'
import { type Locate, readYaml } from './yaml.ts'

export type TextReading =
  | { readonly ok: true; readonly value: unknown; readonly findings: readonly Finding[]; readonly locate: Locate }
  | { readonly ok: false; readonly issues: readonly Issue[] }

/**
 * Reads the text of a workflow file. JSON is YAML too, so one reader knows the lines of both; correct JSON, the common
 * case of programs, takes a road that is fifty times shorter and looks for lines only when one is asked for.
 */
export function readText(text: string, limits: Limits): TextReading {
  const bytes = Buffer.byteLength(text)
  if (bytes > limits.maxTextBytes) {
    const message = `The text has ${bytes.toLocaleString('en')} bytes, at most ${limits.maxTextBytes.toLocaleString('en')} are read: split the workflow, or store its data elsewhere.`
    return { ok: false, issues: [{ code: 'MILLRACE_WORKFLOW_TOO_LARGE', message, path: [], line: 1, column: 1 }] }
  }
  if (text.trim() === '') {
    const message = 'The text is empty: a workflow has at least a name and one job.'
    return { ok: false, issues: [{ code: 'MILLRACE_WORKFLOW_SYNTAX', message, path: [], line: 1, column: 1 }] }
  }
  const json = text.trimStart().startsWith('{') ? parseJson(text) : undefined
  if (json === undefined || hasDuplicateKeys(text, json)) return readYaml(text)
  return { ok: true, value: json, findings: [], locate: lazily(() => locateIn(text)) }
}

function parseJson(text: string): object | undefined {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // YAML in braces, or a mistake that the YAML reader can place
  }
}

function locateIn(text: string): Locate {
  const reading = readYaml(text)
  return reading.ok ? reading.locate : () => undefined
}

function lazily(make: () => Locate): Locate {
  let locate: Locate | undefined
  return (path, at) => {
    locate ??= make()
    return locate(path, at)
  }
}
