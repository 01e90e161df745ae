import { type JobFacts, jobFacts } from './checks/facts.ts'
import { type InputsReading, readInputs, unusedInputs } from './checks/inputs.ts'
import { needFindings } from './checks/needs.ts'
import { jobCountFindings, payloadFindings, workflowSizeFindings } from './checks/payloads.ts'
import { type JobTemplates, type Names, readTemplates } from './checks/references.ts'
import { type KnownTasks, unknownTaskFindings } from './checks/tasks.ts'
import { jobFindings, workflowFindings } from './checks/values.ts'
import type { Finding } from './finding.ts'
import type { Json } from './json.ts'
import type { Limits } from './limits.ts'
import { nearestOf } from './nearest.ts'
import { type JobDefaults, normaliseJob } from './normalise.ts'
import type { PlannedJob } from './plan.ts'
import type { Readers } from './readers.ts'
import { jsonBytes, readJson } from './reading/json-value.ts'
import { isRecord } from './references/walk.ts'

export interface DraftOptions {
  readonly inputs: unknown
  readonly tasks: KnownTasks
  readonly limits: Limits
  readonly shapeFindings: Readers['shapeFindings']
  readonly defaults: (workflow: { readonly [field: string]: Json }) => JobDefaults
}

/** Everything that can be said about a definition without asking a task's schema. */
export interface Draft {
  readonly findings: readonly Finding[]
  readonly workflow: { readonly [field: string]: Json }
  readonly inputs: { readonly [name: string]: Json }
  /** The jobs that have no findings of their own, in the order of the definition. */
  readonly jobs: readonly PlannedJob[]
}

/**
 * Checks a definition and plans its jobs. Each check looks at what it can understand, so that one mistake hides no
 * other; only a definition that is too large is not looked at any further.
 */
export function draftWorkflow(source: unknown, options: DraftOptions): Draft {
  const { limits, tasks } = options
  const { value, bytes, findings: unreadable } = readJson(source, limits)
  const workflow = isRecord(value) ? value : {}
  const count = isRecord(workflow.jobs) ? Object.keys(workflow.jobs).length : 0
  const tooLarge = [...workflowSizeFindings(bytes, limits), ...jobCountFindings(count, ['jobs'], limits)]
  if (tooLarge.length > 0) return { findings: tooLarge, workflow, inputs: {}, jobs: [] }

  const facts = jobFacts(value)
  const given = readInputs(workflow.inputs, options.inputs, limits)
  const names = namesOf(workflow, given, limits)
  const templates = new Map(facts.map((job) => [job, readTemplates(job, names)]))
  const findings = [
    ...unreadable,
    ...without(unreadable, options.shapeFindings(value)),
    ...workflowFindings(value),
    ...facts.flatMap(jobFindings),
    ...needFindings(facts, names.jobs),
    ...unknownTaskFindings(facts, tasks),
    ...given.findings,
    ...[...templates.values()].flatMap(({ findings }) => findings),
    ...unusedInputs(given.undeclared, names.usedInputs, workflow.inputs),
  ]
  const flawed = new Set(findings.map(({ path }) => (path[0] === 'jobs' ? path[1] : undefined)))
  const sound = facts.filter((job) => !flawed.has(job.name))
  findings.push(...templateSizes(sound, templates, limits))
  const defaults = options.defaults(workflow)
  const jobs = sound.map((job) => normaliseJob(job, templates.get(job)!, defaults))
  return { findings, workflow, inputs: given.inputs, jobs }
}

function namesOf(workflow: { readonly [field: string]: Json }, { inputs }: InputsReading, limits: Limits): Names {
  const jobs = new Set(isRecord(workflow.jobs) ? Object.keys(workflow.jobs) : [])
  return {
    inputs,
    jobs,
    nearestInput: nearestOf(Object.keys(inputs)),
    nearestJob: nearestOf(jobs),
    usedInputs: new Set(),
    maxLength: limits.maxPayloadBytes,
  }
}

/** What JSON cannot carry is null by now, and told already: the schema need not complain of the null. */
function without(unreadable: readonly Finding[], findings: readonly Finding[]): readonly Finding[] {
  if (unreadable.length === 0) return findings
  const told = new Set(unreadable.map(({ path }) => JSON.stringify(path)))
  return findings.filter(({ path }) => !told.has(JSON.stringify(path)))
}

function templateSizes(
  jobs: readonly JobFacts[],
  templates: ReadonlyMap<JobFacts, JobTemplates>,
  limits: Limits,
): Finding[] {
  const known = new Map<object, number>()
  let total = 0
  const findings = jobs.flatMap((job) => {
    const { with: input, foreach } = templates.get(job)!
    total +=
      (input === undefined ? 0 : jsonBytes(input, known)) + (foreach === undefined ? 0 : jsonBytes(foreach, known))
    return [
      ...payloadFindings(input, [...job.path, 'with'], limits, known),
      ...payloadFindings(foreach, [...job.path, 'foreach'], limits, known),
    ]
  })
  return [...findings, ...workflowSizeFindings(total, limits)]
}
