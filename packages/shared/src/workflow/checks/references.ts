import { type Finding, type Path, showPath, showValue } from '../finding.ts'
import type { Json } from '../json.ts'
import { didYouMean, nearestOf } from '../nearest.ts'
import { lookUp } from '../references/lookup.ts'
import type { Reference } from '../references/reference.ts'
import { escapeReferences } from '../references/resolve.ts'
import { type Lookup, substitute } from '../references/substitute.ts'
import { isPlain, readTemplate } from '../references/template.ts'
import { isList, replaceTexts } from '../references/walk.ts'
import type { JobFacts } from './facts.ts'

/** What references may name, in one workflow. */
export interface Names {
  readonly inputs: { readonly [name: string]: Json }
  readonly jobs: ReadonlySet<string>
  readonly nearestInput: (name: string) => string | undefined
  readonly nearestJob: (name: string) => string | undefined
  /** Filled with the inputs that are used. */
  readonly usedInputs: Set<string>
  /** Longest text that references may be put into. */
  readonly maxLength: number
}

/** A job's templates with the inputs filled in; to be used only when there are no findings. */
export interface JobTemplates {
  readonly with: Json | undefined
  readonly foreach: string | readonly Json[] | undefined
  readonly findings: readonly Finding[]
}

/** Checks every reference of a job and fills in those to inputs. */
export function readTemplates(job: JobFacts, names: Names): JobTemplates {
  const findings: Finding[] = []
  const fields = new Map(Object.entries(job.fields))
  const foreach = fields.get('foreach')
  const report = (problem: string, path: Path) => {
    const shown = showPath(path)
    findings.push({ code: 'MILLRACE_REFERENCE', message: `${shown}: ${problem}.`.replace(/([.?])\.$/, '$1'), path })
  }
  const hasItem = foreach !== undefined
  const input = fields.get('with')
  return {
    with: input === undefined ? undefined : fill(input, [...job.path, 'with'], job, names, hasItem, report),
    foreach: foreach === undefined ? undefined : fillForeach(foreach, [...job.path, 'foreach'], job, names, report),
    findings,
  }
}

type Report = (problem: string, path: Path) => void

function fill(template: Json, at: Path, job: JobFacts, names: Names, hasItem: boolean, report: Report): Json {
  return replaceTexts(template, (text, below) => {
    if (isPlain(text)) return text
    const path = [...at, ...below()]
    const lookup: Lookup = (reference) => find(reference, job, names, hasItem)
    const result = substitute(readTemplate(text), lookup, (problem) => report(problem, path), names.maxLength)
    // a template stays a template: what was filled in must not be read a second time
    return result.kind === 'value' ? escapeReferences(result.value) : result.text
  })
}

function fillForeach(
  foreach: Json,
  path: Path,
  job: JobFacts,
  names: Names,
  report: Report,
): string | readonly Json[] | undefined {
  if (isList(foreach)) return fill(foreach, path, job, names, false, report) as readonly Json[]
  if (typeof foreach !== 'string') return undefined
  const [only, second] = readTemplate(foreach)
  if (second !== undefined || only === undefined || only.kind === 'text') {
    report(
      `${showValue(foreach)} is neither a list nor exactly one reference, such as "\${{ needs.fetch.output }}"`,
      path,
    )
    return undefined
  }
  let failed = false
  const filled = fill(foreach, path, job, names, false, (problem, where) => {
    failed = true
    report(problem, where)
  })
  if (failed || (typeof filled === 'string' && only.kind === 'reference' && only.reference.root === 'needs'))
    return filled as string
  if (isList(filled)) return filled
  report(`${only.source} is ${showValue(filled)}, but foreach takes a list`, path)
  return undefined
}

function find(reference: Reference, job: JobFacts, names: Names, hasItem: boolean): ReturnType<Lookup> {
  switch (reference.root) {
    case 'inputs': {
      names.usedInputs.add(reference.name)
      if (!Object.hasOwn(names.inputs, reference.name)) {
        const hint = didYouMean(names.nearestInput(reference.name)) || ' Declare it under inputs, or submit it.'
        return { kind: 'problem', problem: `there is no input "${reference.name}".${hint}` }
      }
      return lookUp(`inputs.${reference.name}`, names.inputs[reference.name]!, reference.steps)
    }
    case 'needs':
      if (job.needs.some((need) => need.name === reference.job)) return { kind: 'keep' }
      return { kind: 'problem', problem: notNeeded(reference.job, job, names) }
    default: {
      if (hasItem) return { kind: 'keep' }
      const problem = Object.hasOwn(job.fields, 'foreach')
        ? `${reference.root} does not exist yet where the items come from`
        : `${reference.root} exists only in a job with foreach`
      return { kind: 'problem', problem }
    }
  }
}

function notNeeded(name: string, job: JobFacts, names: Names): string {
  if (name === job.name) return 'a job cannot refer to its own output'
  if (names.jobs.has(name)) return `"${name}" is not among the needs of "${job.name}": add it to them`
  const own = nearestOf(job.needs.map((need) => need.name))(name)
  return `there is no job "${name}".${didYouMean(own ?? names.nearestJob(name))}`
}
