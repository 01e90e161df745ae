import type { ErrorCode } from '../../errors/catalogue.ts'
import type { Path } from '../finding.ts'
import { COMPLEXITIES, FAILURE_POLICIES, LEVELS, TRIGGERS } from '../states.ts'

/** What people are told about a field: in their editor, in the manual, and when they got it wrong. */
export interface Field {
  readonly title: string
  readonly description: string
  /** Finishes the sentence "… must be". */
  readonly expected: string
  readonly values?: readonly string[]
  readonly examples?: readonly unknown[]
  readonly default?: unknown
  /** Of a wrong value; MILLRACE_WORKFLOW_SHAPE when absent. */
  readonly code?: ErrorCode
}

const DURATION = {
  expected: 'milliseconds, or a number with a unit (ms, s, m, h or d) such as "30s", and no longer than 365 days',
  code: 'MILLRACE_DURATION',
} as const

const LIMIT = { ...DURATION, expected: `${DURATION.expected}; 0 would leave no time` } as const

/** Every field of a workflow by its place; `*` stands for a job's name, `[]` for a position in a list. */
export const FIELDS = {
  $schema: {
    title: '$schema',
    description: 'Address of the JSON Schema of this file, for editors. Millrace does not read it.',
    expected: 'a text',
  },
  name: {
    title: 'name',
    description: 'What the workflow is called in lists, ids and logs.',
    expected: 'a text',
    examples: ['nightly-report'],
  },
  priority: {
    title: 'priority',
    description: 'How urgent its jobs are. A job may say otherwise for itself.',
    expected: `one of ${LEVELS.join(', ')}`,
    values: LEVELS,
    default: 'normal',
  },
  tenant: {
    title: 'tenant',
    description:
      'Whose workflow it is. Tenants take turns, however much each of them submits. Workflows without a tenant share one.',
    expected: 'the name of a tenant',
    examples: ['acme'],
  },
  deadline: {
    ...LIMIT,
    title: 'deadline',
    description: 'The workflow is cancelled when it has not ended this long after its submission. Default: no limit.',
    examples: ['2h'],
  },
  onFailure: {
    title: 'onFailure',
    description:
      'What a dead job does to the jobs that need it. skip: they end as skipped. hold: they wait for its replay.',
    expected: `one of ${FAILURE_POLICIES.join(', ')}`,
    values: FAILURE_POLICIES,
    default: 'skip',
  },
  inputs: {
    title: 'inputs',
    description:
      'Values that jobs refer to as ${{ inputs.<name> }}; whoever submits the workflow may replace them. Plain data.',
    expected: 'an object of input names and their values',
    examples: [{ day: '2026-11-20' }],
    default: {},
  },
  jobs: {
    title: 'jobs',
    description: 'The jobs by name. Their order does not matter: `needs` decides.',
    expected: 'an object of job names and jobs',
    examples: [{ fetch: { task: 'http.get' }, parse: { task: 'log.parse', needs: 'fetch' } }],
  },
  'jobs.*': {
    title: 'job',
    description: 'One job: a task, its input, and the jobs it needs.',
    expected: 'an object with at least "task"',
  },
  'jobs.*.task': {
    title: 'task',
    description: 'Name of the task to run.',
    expected: 'the name of a task',
    examples: ['http.get'],
  },
  'jobs.*.with': {
    title: 'with',
    description:
      'The input of the task: any JSON value. Texts may hold ${{ inputs.<name> }}, ${{ needs.<job>.output }}, ${{ item }} and ${{ index }}; a text that is one reference and nothing else takes the value with its type.',
    expected: 'a JSON value',
    examples: [{ url: 'https://example.org/${{ inputs.day }}.log' }],
  },
  'jobs.*.needs': {
    title: 'needs',
    description: 'A job, or a list of jobs, that must have ended before this one is decided.',
    expected: 'the name of a job, or a list of names',
    examples: ['fetch', ['totals', 'errors']],
    default: [],
  },
  'jobs.*.needs.[]': { title: 'need', description: 'Name of a job.', expected: 'the name of a job' },
  'jobs.*.when': {
    title: 'when',
    description:
      'Which ends of its needs let the job run. succeeded: all succeeded. failed: at least one did not. always: in any case.',
    expected: `one of ${TRIGGERS.join(', ')}`,
    values: TRIGGERS,
    default: 'succeeded',
  },
  'jobs.*.foreach': {
    title: 'foreach',
    description:
      'A list, or a reference to one: the job becomes one job per item. Without `with`, the item is the input.',
    expected: 'a list, or one reference to a list such as "${{ needs.fetch.output }}"',
    examples: ['${{ needs.fetch.output.parts }}', ['north', 'south']],
  },
  'jobs.*.uses': {
    title: 'uses',
    description: 'A resource, or a list of resources, outside of Millrace that the job talks to.',
    expected: 'the name of a resource, or a list of names',
    examples: ['geoip', ['stripe', 'postgres']],
    default: [],
  },
  'jobs.*.uses.[]': { title: 'resource', description: 'Name of a resource.', expected: 'the name of a resource' },
  'jobs.*.queue': {
    title: 'queue',
    description: 'Queue of the job. Default: the queue of its task, else `default`.',
    expected: 'the name of a queue',
    examples: ['default', 'reports'],
  },
  'jobs.*.priority': {
    title: 'priority',
    description: 'How urgent this job is. Default: as urgent as the workflow.',
    expected: `one of ${LEVELS.join(', ')}`,
    values: LEVELS,
  },
  'jobs.*.delay': {
    ...DURATION,
    title: 'delay',
    description: 'The job waits this long after its last need ended; without needs, after the submission.',
    examples: ['30s', 1500],
    default: 0,
  },
  'jobs.*.timeout': {
    ...LIMIT,
    title: 'timeout',
    description: 'Limit of one attempt. Default: the limit of the task.',
    examples: ['5m'],
  },
  'jobs.*.estimate': {
    ...DURATION,
    title: 'estimate',
    description:
      'How long one attempt usually takes. Jobs on the longest way to the end run first. Default: what the pool has measured for the task.',
    examples: ['90s'],
  },
  'jobs.*.complexity': {
    title: 'complexity',
    description:
      'How much thought the job takes; meta: it plans or hands out work for others. Harder work goes first among jobs that are about as far from the end.',
    expected: `one of ${COMPLEXITIES.join(', ')}`,
    values: COMPLEXITIES,
    default: 'simple',
  },
  'jobs.*.type': {
    title: 'type',
    description:
      'What kind of work the job is. Kinds have weights: security and schema go before tests, among jobs that are about as far from the end.',
    expected: 'the name of a type',
    examples: ['security', 'schema', 'test'],
  },
  'jobs.*.retry': {
    title: 'retry',
    description:
      'Attempts in all, or an object with attempts, delay and maxDelay. What is absent is taken from the task.',
    expected: 'a whole number of attempts from 1 to 100, or an object with attempts, delay and maxDelay',
    examples: [5, { attempts: 5, delay: '1s', maxDelay: '60s' }],
  },
  'jobs.*.retry.attempts': {
    title: 'attempts',
    description: 'Attempts in all, the first one included. Default: those of the task.',
    expected: 'a whole number from 1 to 100',
    examples: [5],
  },
  'jobs.*.retry.delay': {
    ...DURATION,
    title: 'delay',
    description: 'Delay before the second attempt; it grows from there. Default: that of the task.',
    examples: ['1s'],
  },
  'jobs.*.retry.maxDelay': {
    ...DURATION,
    title: 'maxDelay',
    description: 'Upper bound of the delay, not below `delay`. Default: that of the task.',
    examples: ['60s'],
  },
} as const satisfies Record<string, Field>

export type FieldName = keyof typeof FIELDS

/** The field that stands at a path, or `undefined` outside of the format, e.g. inside a job's `with`. */
export function fieldAt(path: Path): Field | undefined {
  const key = path.map((step, index) =>
    typeof step === 'number' ? '[]' : index === 1 && path[0] === 'jobs' ? '*' : step,
  )
  const name = key.join('.')
  return Object.hasOwn(FIELDS, name) ? FIELDS[name as FieldName] : undefined
}

/** Names of the fields that an object at this path may have. */
export function fieldsBelow(path: Path): string[] {
  const prefix = path.map((step, index) => (index === 1 && path[0] === 'jobs' ? '*' : step))
  return Object.keys(FIELDS)
    .map((name) => name.split('.'))
    .filter((steps) => steps.length === prefix.length + 1 && prefix.every((step, index) => steps[index] === step))
    .map((steps) => steps.at(-1)!)
    .filter((name) => name !== '*' && name !== '[]' && name !== '$schema')
}
