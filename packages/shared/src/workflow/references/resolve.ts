import type { Json } from '../json.ts'
import { lookUp } from './lookup.ts'
import { type Lookup, substitute } from './substitute.ts'
import { escapeText, isPlain, readTemplate } from './template.ts'
import { replaceTexts } from './walk.ts'

/** What references can reach when a job runs. */
export interface ReferenceScope {
  /** Outputs by job name; `null` for a need without output, an array, in item order, for a `foreach` need. */
  readonly needs?: Readonly<Record<string, unknown>>
  /** Present in a job that `foreach` made. */
  readonly item?: Json
  readonly index?: number
}

export type Resolved = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problems: string[] }

/** Longest text that references may be put into while a job runs. */
const MAX_TEXT_LENGTH = 16 * 1024 * 1024

/**
 * Fills in the references of a planned job's `with` or `foreach`. To be applied exactly once to each of them, whether or
 * not they hold references: planning leaves `$${{` escaped, and here it becomes `${{`.
 *
 * @returns all problems together, one sentence each; they belong to MILLRACE_REFERENCE_UNRESOLVED.
 */
export function resolveReferences(template: Json, scope: ReferenceScope): Resolved {
  const problems: string[] = []
  const lookup = lookupIn(scope)
  const value = replaceTexts(template, (text) => {
    if (isPlain(text)) return text
    const result = substitute(readTemplate(text), lookup, (problem) => problems.push(problem), MAX_TEXT_LENGTH)
    return result.kind === 'value' ? result.value : null
  })
  return problems.length === 0 ? { ok: true, value } : { ok: false, problems }
}

/** True when the template refers to what exists only while the workflow runs: `needs`, `item` or `index`. */
export function hasRunTimeReferences(template: Json): boolean {
  let has = false
  replaceTexts(template, (text) => {
    has ||=
      !isPlain(text) && readTemplate(text).some((part) => part.kind === 'reference' && part.reference.root !== 'inputs')
    return text
  })
  return has
}

/** The template that resolves to exactly this value. For data that may hold `${{` by chance. */
export function escapeReferences(value: Json): Json {
  return replaceTexts(value, (text) => (isPlain(text) ? text : escapeText(text)))
}

const lookupIn =
  (scope: ReferenceScope): Lookup =>
  (reference) => {
    switch (reference.root) {
      case 'inputs':
        return { kind: 'problem', problem: 'inputs are filled in when the workflow is submitted, not while it runs' }
      case 'needs': {
        const outputs = scope.needs ?? {}
        if (!Object.hasOwn(outputs, reference.job))
          return { kind: 'problem', problem: `there is no output of "${reference.job}"` }
        const output = (outputs[reference.job] ?? null) as Json
        return lookUp(`needs.${reference.job}.output`, output, reference.steps)
      }
      case 'item':
        if (scope.item === undefined) return { kind: 'problem', problem: 'only a job with foreach has an item' }
        return lookUp('item', scope.item, reference.steps)
      case 'index':
        if (scope.index === undefined) return { kind: 'problem', problem: 'only a job with foreach has an index' }
        return { kind: 'value', value: scope.index }
    }
  }
