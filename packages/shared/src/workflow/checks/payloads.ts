import { type Finding, type Path, showPath } from '../finding.ts'
import type { Json } from '../json.ts'
import type { Limits } from '../limits.ts'
import { jsonBytes } from '../reading/json-value.ts'

/** A payload that is too large, or nothing. Its size counts everything that references and aliases put into it. */
export function payloadFindings(
  payload: Json | undefined,
  path: Path,
  limits: Limits,
  known?: Map<object, number>,
): Finding[] {
  const bytes = payload === undefined ? 0 : jsonBytes(payload, known)
  if (bytes <= limits.maxPayloadBytes) return []
  const message = `${showPath(path)} has ${count(bytes)} bytes as JSON, at most ${count(limits.maxPayloadBytes)} are accepted: store the data elsewhere and pass its address.`
  return [{ code: 'MILLRACE_PAYLOAD_TOO_LARGE', message, path }]
}

/** A workflow with too many jobs, or nothing. */
export function jobCountFindings(jobs: number, path: Path, limits: Limits): Finding[] {
  if (jobs <= limits.maxJobs) return []
  const message = `There are ${count(jobs)} jobs, at most ${count(limits.maxJobs)} are accepted: split the workflow, or use foreach.`
  return [{ code: 'MILLRACE_WORKFLOW_TOO_LARGE', message, path, at: 'key' }]
}

/** A definition that is too large as a whole, or nothing. */
export function workflowSizeFindings(bytes: number, limits: Limits): Finding[] {
  if (bytes <= limits.maxWorkflowBytes) return []
  const message = `The workflow has ${count(bytes)} bytes as JSON once aliases and inputs are filled in, at most ${count(limits.maxWorkflowBytes)} are accepted: store data elsewhere and pass its address.`
  return [{ code: 'MILLRACE_WORKFLOW_TOO_LARGE', message, path: [] }]
}

const count = (number: number): string => number.toLocaleString('en')
