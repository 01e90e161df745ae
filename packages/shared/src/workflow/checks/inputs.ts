import type { Finding } from '../finding.ts'
import type { Json } from '../json.ts'
import type { Limits } from '../limits.ts'
import { didYouMean, nearestOf } from '../nearest.ts'
import { readJson } from '../reading/json-value.ts'
import { isRecord } from '../references/walk.ts'
import { nameFindings } from './names.ts'
import { payloadFindings } from './payloads.ts'

type Inputs = { readonly [name: string]: Json }

export interface InputsReading {
  readonly inputs: Inputs
  readonly findings: readonly Finding[]
  /** Inputs that came with the submission and are not declared; allowed only when some job uses them. */
  readonly undeclared: readonly string[]
}

/** The workflow's own inputs, with those of the submission over them. */
export function readInputs(declared: Json | undefined, submitted: unknown, limits: Limits): InputsReading {
  const own = isRecord(declared) ? declared : {}
  if (submitted === undefined)
    return { inputs: own, findings: payloadFindings(own, ['inputs'], limits), undeclared: [] }

  const reading = readJson(submitted, limits, ['inputs'])
  const findings: Finding[] = reading.findings.map((finding) => ({ ...finding, at: 'elsewhere' }))
  if (!isRecord(reading.value)) {
    const message = 'The inputs of the submission must be an object of names and values.'
    if (findings.length === 0)
      findings.push({ code: 'MILLRACE_WORKFLOW_SHAPE', message, path: ['inputs'], at: 'elsewhere' })
    return { inputs: own, findings, undeclared: [] }
  }
  const undeclared = Object.keys(reading.value).filter((name) => !Object.hasOwn(own, name))
  for (const name of undeclared) {
    findings.push(
      ...nameFindings(name, ['inputs', name], 'key').map((finding) => ({ ...finding, at: 'elsewhere' as const })),
    )
  }
  const inputs = Object.fromEntries([...Object.entries(own), ...Object.entries(reading.value)])
  for (const finding of payloadFindings(inputs, ['inputs'], limits)) findings.push({ ...finding, at: 'elsewhere' })
  return { inputs, findings, undeclared }
}

/** Inputs that were submitted, declared nowhere and used nowhere: most likely misspelt. */
export function unusedInputs(
  undeclared: readonly string[],
  used: ReadonlySet<string>,
  declared: Json | undefined,
): Finding[] {
  const nearest = nearestOf(new Set([...(isRecord(declared) ? Object.keys(declared) : []), ...used]))
  return undeclared
    .filter((name) => !used.has(name))
    .map((name) => {
      const message = `The submission gives an input ${JSON.stringify(name.slice(0, 100))}, but the workflow neither declares nor uses it.${didYouMean(nearest(name))}`
      return { code: 'MILLRACE_WORKFLOW_FIELD_UNKNOWN', message, path: ['inputs', name], at: 'elsewhere' }
    })
}
