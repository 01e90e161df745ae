import type { ErrorCode, PlanOptions, WorkflowDefinition } from '../../src/index.ts'

/** A workflow that must be refused, with everything that must be said about it, in order. */
export interface Malformed {
  readonly title: string
  readonly source: string | WorkflowDefinition
  readonly options?: PlanOptions
  readonly issues: readonly {
    readonly code: ErrorCode
    readonly line?: number
    readonly column?: number
    readonly path?: string
  }[]
}

/** Stands in a text just before each place that an issue must point at; twice for two issues in one place. */
const MARK = '▸'

function text(
  title: string,
  marked: string,
  codes: ErrorCode | readonly ErrorCode[],
  options?: PlanOptions,
): Malformed {
  const places: { line: number; column: number }[] = []
  let source = ''
  for (const character of marked) {
    if (character !== MARK) source += character
    else places.push({ line: source.split('\n').length, column: source.length - source.lastIndexOf('\n') })
  }
  const issues = [codes].flat().map((code, index) => ({ code, ...places[index] }))
  if (issues.length !== places.length)
    throw new Error(`"${title}" has ${places.length} marks for ${issues.length} issues`)
  return { title, source, issues, ...(options && { options }) }
}

/** `fields` of a job called `a` that is otherwise in order. */
const job = (
  title: string,
  fields: string,
  codes: ErrorCode | readonly ErrorCode[],
  options?: PlanOptions,
): Malformed =>
  text(
    title,
    `name: x\njobs:\n  root: { task: t }\n  a:\n    task: t\n${fields.replace(/^/gm, '    ')}\n`,
    codes,
    options,
  )

function object(title: string, source: unknown, ...issues: readonly [code: ErrorCode, path: string][]): Malformed {
  return { title, source: source as WorkflowDefinition, issues: issues.map(([code, path]) => ({ code, path })) }
}

const withValue = (value: unknown) => ({ name: 'x', jobs: { a: { task: 't', with: { value } } } })

function containsItself(): unknown {
  const loop: Record<string, unknown> = {}
  loop.again = loop
  return loop
}

const nested = (depth: number): unknown => (depth === 0 ? 0 : [nested(depth - 1)])

/** Thirty lines that double each other: a billion texts, if anything expanded them. */
function aliasBomb(): string {
  const doubled = Array.from({ length: 30 }, (_, index) => `    - &b${index + 1} [*b${index}, *b${index}]`)
  return `${MARK}name: x\ninputs:\n  bomb:\n    - &b0 boom\n${doubled.join('\n')}\njobs: { a: { task: t } }\n`
}

const TASKS: NonNullable<PlanOptions['tasks']> = new Map([
  [
    'http.get',
    { queue: 'default', check: (input: unknown) => (typeof input === 'object' && input ? [] : ['expected an object']) },
  ],
  ['log.parse', { queue: 'logs', check: async () => ['url: expected a text', 'day: is missing'] }],
  [
    'odd',
    {
      queue: 'default',
      check: () => {
        throw new Error('no schema today')
      },
    },
  ],
])

export const MALFORMED: readonly Malformed[] = [
  // text that is no YAML and no JSON
  text('an empty text', '▸', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('blanks only', '▸ \n \n', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('a tab as indentation', 'name: x\njobs:\n▸\ta: { task: t }\n', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('a quote that is not closed', 'name: "x▸', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('a list that is not closed', 'name: x\njobs: { a: { task: t, needs: [b ▸} }', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('two colons on a line', 'name: ▸a: b\n', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('a value that begins with @', 'name: ▸@x\n', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('two documents', 'name: x\n▸---\nname: y\n', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('an alias without an anchor', 'name: ▸*x\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_SYNTAX'),
  text(
    'an alias inside of its own anchor',
    'name: x\ninputs: &i { again: ▸*i }\njobs: { a: { task: t } }',
    'MILLRACE_WORKFLOW_SYNTAX',
  ),
  text('a tag without a meaning', 'name: ▸!secret x\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_SYNTAX'),
  text(
    'a list as the name of a field',
    'name: x\n? ▸[a, b]\n: 1\njobs: { a: { task: t } }',
    'MILLRACE_WORKFLOW_SYNTAX',
  ),
  text('mistakes on two lines', 'name: ▸@x\npriority: ▸`high`\n', [
    'MILLRACE_WORKFLOW_SYNTAX',
    'MILLRACE_WORKFLOW_SYNTAX',
  ]),
  text('JSON that is cut off', '{ "name": "x"▸', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('JSON without a colon', '{ "name" ▸"x" }', 'MILLRACE_WORKFLOW_SYNTAX'),
  text('JSON with something after it', '{ "name": "x" } ▸y', 'MILLRACE_WORKFLOW_SYNTAX'),

  // not a workflow at all
  text('a list', '▸- name: x\n- jobs: {}\n', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a plain text', '▸hello', 'MILLRACE_WORKFLOW_SHAPE'),
  text('only a comment', '▸# nothing here\n', 'MILLRACE_WORKFLOW_SHAPE'),
  object('null', null, ['MILLRACE_WORKFLOW_SHAPE', '']),
  object('a number', 42, ['MILLRACE_WORKFLOW_SHAPE', '']),
  object('a function in the place of a workflow', () => 1, ['MILLRACE_VALUE_NOT_JSON', '']),
  object(
    'an empty object',
    {},
    ['MILLRACE_WORKFLOW_FIELD_MISSING', 'jobs'],
    ['MILLRACE_WORKFLOW_FIELD_MISSING', 'name'],
  ),

  // fields
  text('no name', '▸jobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_FIELD_MISSING'),
  text('no jobs field', '▸name: x', 'MILLRACE_WORKFLOW_FIELD_MISSING'),
  text('no jobs', 'name: x\n▸jobs: {}', 'MILLRACE_WORKFLOW_EMPTY'),
  text('jobs with nothing after it', 'name: x\n▸jobs:', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a list of jobs', 'name: x\njobs: ▸[{ task: t }]', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a name that is a number', 'name: ▸2026\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a misspelt field', 'name: x\n▸priorty: high\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_FIELD_UNKNOWN'),
  text(
    'a misspelt field in JSON',
    '{\n  "name": "x",\n  ▸"job": {},\n  "jobs": { "a": { "task": "t" } }\n}',
    'MILLRACE_WORKFLOW_FIELD_UNKNOWN',
  ),
  text('an unknown priority', 'name: x\npriority: ▸hihg\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_SHAPE'),
  text('an unknown failure policy', 'name: x\nonFailure: ▸stop\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_SHAPE'),
  text('inputs as a list', 'name: x\ninputs: ▸[day]\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a deadline of nothing', 'name: x\ndeadline: ▸0\njobs: { a: { task: t } }', 'MILLRACE_DURATION'),
  text(
    'a field that is given twice',
    'name: x\n▸name: y\njobs: { a: { task: t } }',
    'MILLRACE_WORKFLOW_FIELD_DUPLICATE',
  ),
  text('a job with nothing in it', 'name: x\njobs:\n  ▸a:\n', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a job that is a text', 'name: x\njobs:\n  ▸a: http.get\n', 'MILLRACE_WORKFLOW_SHAPE'),
  text('a job without a task', 'name: x\njobs:\n  ▸a: { needs: [] }\n', 'MILLRACE_WORKFLOW_FIELD_MISSING'),
  text('two jobs of one name', 'name: x\njobs:\n  a: { task: t }\n  ▸a: { task: u }\n', 'MILLRACE_JOB_DUPLICATE'),
  text(
    'two jobs of one name in JSON',
    '{ "name": "x", "jobs": { "a": { "task": "t" }, ▸"a": { "task": "t" } } }',
    'MILLRACE_JOB_DUPLICATE',
  ),
  job('a misspelt field of a job', '▸neeeds: root', 'MILLRACE_WORKFLOW_FIELD_UNKNOWN'),
  job('a field of another tool', '▸runs-on: ubuntu', 'MILLRACE_WORKFLOW_FIELD_UNKNOWN'),
  job('an unknown trigger', 'needs: root\nwhen: ▸success', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a priority that is a number', 'priority: ▸1', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a queue that is a list', 'queue: ▸[a]', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a foreach that is an object', 'foreach: ▸{ a: 1 }', 'MILLRACE_WORKFLOW_SHAPE'),
  job('needs that are a number', 'needs: ▸7', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a need that is a number', 'needs: [root, ▸7]', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a field of a job given twice', 'retry: 2\n▸retry: 3', 'MILLRACE_WORKFLOW_FIELD_DUPLICATE'),

  // names
  text('a workflow name with a dot', 'name: ▸a.b\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_NAME'),
  text('an empty workflow name', 'name: ▸""\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_NAME'),
  text('a name of 101 characters', `name: ▸${'n'.repeat(101)}\njobs: { a: { task: t } }`, 'MILLRACE_WORKFLOW_NAME'),
  text('a job name with a dot', 'name: x\njobs:\n  ▸a.0: { task: t }\n', 'MILLRACE_WORKFLOW_NAME'),
  text('a job name that begins with a digit', 'name: x\njobs:\n  ▸1st: { task: t }\n', 'MILLRACE_WORKFLOW_NAME'),
  text('a job name with a colon', 'name: x\njobs:\n  ▸"a:b": { task: t }\n', 'MILLRACE_WORKFLOW_NAME'),
  text(
    'a job called __proto__',
    '{ "name": "x", "jobs": { "a": { "task": "t" }, ▸"__proto__": { "task": "t" } } }',
    'MILLRACE_VALUE_NOT_JSON',
  ),
  text(
    'an input called __proto__',
    'name: x\ninputs:\n  ▸__proto__: { admin: true }\njobs: { a: { task: t } }',
    'MILLRACE_VALUE_NOT_JSON',
  ),
  text(
    'an input name with a blank',
    'name: x\ninputs: { ▸"my day": 1 }\njobs: { a: { task: t } }',
    'MILLRACE_WORKFLOW_NAME',
  ),
  text('a task name with a blank', 'name: x\njobs: { a: { task: ▸http get } }', 'MILLRACE_WORKFLOW_NAME'),
  text('a reference as a task', 'name: x\njobs: { a: { task: ▸"${{ inputs.task }}" } }', 'MILLRACE_WORKFLOW_NAME'),
  job('a queue with a colon', 'queue: ▸"a:b"', 'MILLRACE_WORKFLOW_NAME'),
  job('a resource with a slash', 'uses: [geoip, ▸a/b]', 'MILLRACE_WORKFLOW_NAME'),

  // durations and retries
  job('a delay without a unit that is known', 'delay: ▸5 minutes', 'MILLRACE_DURATION'),
  job('a negative delay', 'delay: ▸-1', 'MILLRACE_DURATION'),
  job('a delay that is true', 'delay: ▸true', 'MILLRACE_DURATION'),
  job('a delay of two years', 'delay: ▸730d', 'MILLRACE_DURATION'),
  job('a timeout of nothing', 'timeout: ▸0s', 'MILLRACE_DURATION'),
  job('an estimate that is no duration', 'estimate: ▸soon', 'MILLRACE_DURATION'),
  job('a complexity that does not exist', 'complexity: ▸hard', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a type with characters that are not allowed', 'type: ▸"sec urity"', 'MILLRACE_WORKFLOW_NAME'),
  text('a tenant that is no name', 'name: x\ntenant: ▸a/b\njobs: { a: { task: t } }\n', 'MILLRACE_WORKFLOW_NAME'),
  job('a timeout as a reference', 'timeout: ▸"${{ inputs.limit }}"', 'MILLRACE_DURATION'),
  job('no attempts', 'retry: ▸0', 'MILLRACE_WORKFLOW_SHAPE'),
  job('101 attempts', 'retry: { attempts: ▸101 }', 'MILLRACE_WORKFLOW_SHAPE'),
  job('half an attempt', 'retry: ▸1.5', 'MILLRACE_WORKFLOW_SHAPE'),
  job('attempts in words', 'retry: ▸often', 'MILLRACE_WORKFLOW_SHAPE'),
  job('a misspelt field of retry', 'retry: { ▸attemps: 3 }', 'MILLRACE_WORKFLOW_FIELD_UNKNOWN'),
  job('a bad delay between attempts', 'retry: { attempts: 3, delay: ▸soon }', 'MILLRACE_DURATION'),
  job('a bound below the delay', 'retry: { delay: 10s, maxDelay: ▸5s }', 'MILLRACE_DURATION'),

  // needs
  job('an unknown need', 'needs: ▸roto', 'MILLRACE_NEED_UNKNOWN'),
  job('an unknown need in a list', 'needs:\n  - root\n  - ▸parse', 'MILLRACE_NEED_UNKNOWN'),
  job('a need of JavaScript', 'needs: ▸constructor', 'MILLRACE_NEED_UNKNOWN'),
  job('a need that is empty', 'needs: ▸""', 'MILLRACE_NEED_UNKNOWN'),
  job('the same need twice', 'needs: [root, ▸root]', 'MILLRACE_NEED_DUPLICATE'),
  job('a job that needs itself', 'needs: [root, ▸a]', 'MILLRACE_WORKFLOW_CYCLE'),
  job('a trigger without needs', 'when: ▸failed', 'MILLRACE_TRIGGER_WITHOUT_NEEDS'),
  job('a trigger with an empty list of needs', 'needs: []\nwhen: ▸always', 'MILLRACE_TRIGGER_WITHOUT_NEEDS'),
  text(
    'two jobs that wait for each other',
    'name: x\njobs:\n  a: { task: t, needs: ▸b }\n  b: { task: t, needs: a }\n',
    'MILLRACE_WORKFLOW_CYCLE',
  ),
  text(
    'two circles, one of them behind a job that is in none',
    'name: x\njobs:\n  z: { task: t, needs: a }\n  a: { task: t, needs: [▸b] }\n  b: { task: t, needs: [c] }\n  c: { task: t, needs: [a] }\n  d: { task: t, needs: [z, ▸e] }\n  e: { task: t, needs: d }\n',
    ['MILLRACE_WORKFLOW_CYCLE', 'MILLRACE_WORKFLOW_CYCLE'],
  ),

  // references
  job('an unknown input', 'with: { day: ▸"${{ inputs.day }}" }', 'MILLRACE_REFERENCE'),
  job('an input of JavaScript', 'with: ▸"${{ inputs.constructor }}"', 'MILLRACE_REFERENCE'),
  text(
    'a part that an input does not have',
    'name: x\ninputs: { a: { b: 1 } }\njobs: { a: { task: t, with: ▸"${{ inputs.a.c }}" } }',
    'MILLRACE_REFERENCE',
  ),
  text(
    'a position that an input does not have',
    'name: x\ninputs: { a: [1] }\njobs: { a: { task: t, with: ▸"${{ inputs.a[1] }}" } }',
    'MILLRACE_REFERENCE',
  ),
  job('the output of a job that is not needed', 'with: ▸"${{ needs.root.output }}"', 'MILLRACE_REFERENCE'),
  job('the output of a job that does not exist', 'needs: root\nwith: ▸"${{ needs.rot.output }}"', 'MILLRACE_REFERENCE'),
  job('its own output', 'needs: root\nwith: ▸"${{ needs.a.output }}"', 'MILLRACE_REFERENCE'),
  job(
    'something of a need that is not its output',
    'needs: root\nwith: ▸"${{ needs.root.state }}"',
    'MILLRACE_REFERENCE',
  ),
  job('an empty reference', 'with: ▸"${{ }}"', 'MILLRACE_REFERENCE'),
  job('a reference that is not closed', 'with: ▸"${{ inputs.day"', 'MILLRACE_REFERENCE'),
  job('an operator', 'needs: root\nwith: ▸"${{ needs.root.output + 1 }}"', 'MILLRACE_REFERENCE'),
  job('a function', 'with: ▸"${{ upper(inputs.day) }}"', 'MILLRACE_REFERENCE'),
  job('a root that does not exist', 'with: ▸"${{ env.HOME }}"', 'MILLRACE_REFERENCE'),
  job('an item without foreach', 'with: [1, ▸"${{ item.name }}"]', 'MILLRACE_REFERENCE'),
  job('an index without foreach', 'with: { n: ▸"${{ index }}" }', 'MILLRACE_REFERENCE'),
  job('a part of the index', 'foreach: [1]\nwith: ▸"${{ index.x }}"', 'MILLRACE_REFERENCE'),
  job('a foreach that is a plain text', 'foreach: ▸root', 'MILLRACE_REFERENCE'),
  job(
    'a foreach with text around its reference',
    'needs: root\nforeach: ▸"all ${{ needs.root.output }}"',
    'MILLRACE_REFERENCE',
  ),
  job('a foreach over its own items', 'foreach: ▸"${{ item }}"', 'MILLRACE_REFERENCE'),
  text(
    'a foreach over an input that is no list',
    'name: x\ninputs: { a: 1 }\njobs: { a: { task: t, foreach: ▸"${{ inputs.a }}" } }',
    'MILLRACE_REFERENCE',
  ),
  job('two bad references in one text', 'with: ▸▸"${{ inputs.a }} and ${{ inputs.b }}"', [
    'MILLRACE_REFERENCE',
    'MILLRACE_REFERENCE',
  ]),

  // size
  text(
    'too many jobs',
    'name: x\n▸jobs: { a: { task: t }, b: { task: t }, c: { tsak: t } }',
    'MILLRACE_WORKFLOW_TOO_LARGE',
    { limits: { maxJobs: 2 } },
  ),
  text('a text that is too long', '▸name: x\njobs: { a: { task: t } }', 'MILLRACE_WORKFLOW_TOO_LARGE', {
    limits: { maxTextBytes: 20 },
  }),
  text(
    'an input of a job that is too large',
    `name: x\njobs: { a: { task: t, with: ▸${'x'.repeat(1_048_576)} } }`,
    'MILLRACE_PAYLOAD_TOO_LARGE',
  ),
  text(
    'a foreach that is too large',
    `name: x\njobs: { a: { task: t, foreach: ▸[${'x'.repeat(1_048_576)}] } }`,
    'MILLRACE_PAYLOAD_TOO_LARGE',
  ),
  text(
    'inputs that are too large',
    `name: x\ninputs: ▸{ a: ${'é'.repeat(524_288)} }\njobs: { a: { task: t } }`,
    'MILLRACE_PAYLOAD_TOO_LARGE',
  ),
  text(
    'an input of a job that grows too large',
    `name: x\ninputs: { a: ${'x'.repeat(700_000)} }\njobs: { a: { task: t, with: ▸["\${{ inputs.a }}", "\${{ inputs.a }}"] } }`,
    'MILLRACE_PAYLOAD_TOO_LARGE',
  ),
  text(
    'a text that grows too large',
    `name: x\ninputs: { a: ${'x'.repeat(700_000)} }\njobs: { a: { task: t, with: ▸"\${{ inputs.a }}\${{ inputs.a }}" } }`,
    'MILLRACE_REFERENCE',
  ),
  text('aliases that double thirty times', aliasBomb(), 'MILLRACE_WORKFLOW_TOO_LARGE'),
  text(
    'an input that is used a hundred times',
    `▸name: x\ninputs: { a: ${'x'.repeat(700_000)} }\njobs:\n${Array.from({ length: 100 }, (_, n) => `  j${n}: { task: t, with: "\${{ inputs.a }}" }\n`).join('')}`,
    'MILLRACE_WORKFLOW_TOO_LARGE',
  ),

  // values that JSON cannot carry
  text('not a number', 'name: x\njobs: { a: { task: t, with: { n: ▸.nan } } }', 'MILLRACE_VALUE_NOT_JSON'),
  text('infinity', 'name: x\njobs: { a: { task: t, with: [▸-.inf] } }', 'MILLRACE_VALUE_NOT_JSON'),
  text('bytes', 'name: x\njobs: { a: { task: t, with: !!binary ▸aGVsbG8= } }', 'MILLRACE_VALUE_NOT_JSON'),
  object(
    'a function in an input',
    withValue(() => 1),
    ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value'],
  ),
  object('a date in an input', withValue(new Date(0)), ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value']),
  object('a bigint in an input', withValue(1n), ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value']),
  object('NaN in an input', withValue(Number.NaN), ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value']),
  object('a symbol in an input', withValue(Symbol('s')), ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value']),
  object('a Map in an input', withValue(new Map()), ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value']),
  object('undefined in a list', withValue([1, undefined]), ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value[1]']),
  object('a hole in a list', withValue(Object.assign(new Array(1), { 1: 1 })), [
    'MILLRACE_VALUE_NOT_JSON',
    'jobs.a.with.value[0]',
  ]),
  object('an object that contains itself', withValue(containsItself()), [
    'MILLRACE_VALUE_NOT_JSON',
    'jobs.a.with.value.again',
  ]),
  object('a value that is nested too deep', { name: 'x', inputs: { deep: nested(100) }, jobs: { a: { task: 't' } } }, [
    'MILLRACE_VALUE_NOT_JSON',
    `inputs.deep${'[0]'.repeat(98)}`,
  ]),
  object(
    'an object that throws when it is read',
    withValue({
      get secret() {
        throw new Error('no')
      },
    }),
    ['MILLRACE_VALUE_NOT_JSON', 'jobs.a.with.value'],
  ),
  object('a task that is a function', { name: 'x', jobs: { a: { task: () => 1 } } }, [
    'MILLRACE_VALUE_NOT_JSON',
    'jobs.a.task',
  ]),

  // what the pool knows
  text(
    'a task that no worker has',
    'name: x\njobs: { a: { task: ▸http.gte, with: {} } }',
    'MILLRACE_TASK_NOT_IN_POOL',
    { tasks: TASKS },
  ),
  text(
    'an input that the task refuses',
    'name: x\njobs: { a: { task: http.get, with: ▸1 } }',
    'MILLRACE_INPUT_REFUSED',
    { tasks: TASKS },
  ),
  text('no input where the task wants one', 'name: x\njobs: { a: { task: ▸http.get } }', 'MILLRACE_INPUT_REFUSED', {
    tasks: TASKS,
  }),
  text(
    'an input with two problems',
    'name: x\njobs: { a: { task: log.parse, with: ▸▸{} } }',
    ['MILLRACE_INPUT_REFUSED', 'MILLRACE_INPUT_REFUSED'],
    { tasks: TASKS },
  ),
  text('a schema that throws', 'name: x\njobs: { a: { task: odd, with: ▸{} } }', 'MILLRACE_INPUT_REFUSED', {
    tasks: TASKS,
  }),
  text(
    'items that the task refuses',
    'name: x\njobs: { a: { task: http.get, foreach: [{}, ▸north, ▸7] } }',
    ['MILLRACE_INPUT_REFUSED', 'MILLRACE_INPUT_REFUSED'],
    { tasks: TASKS },
  ),
  text(
    'an input of the workflow that the task refuses',
    'name: x\ninputs: { a: 1 }\njobs: { a: { task: http.get, with: ▸"${{ inputs.a }}" } }',
    'MILLRACE_INPUT_REFUSED',
    { tasks: TASKS },
  ),

  // what comes with the submission
  {
    title: 'an input of the submission that nothing uses',
    source: { name: 'x', inputs: { day: 'today' }, jobs: { a: { task: 't', with: '${{ inputs.day }}' } } },
    options: { inputs: { dya: 'tomorrow' } },
    issues: [{ code: 'MILLRACE_WORKFLOW_FIELD_UNKNOWN', path: 'inputs.dya' }],
  },
  {
    title: 'an input of the submission that JSON cannot carry',
    source: { name: 'x', inputs: { day: 'today' }, jobs: { a: { task: 't' } } },
    options: { inputs: { day: Number.NaN } },
    issues: [{ code: 'MILLRACE_VALUE_NOT_JSON', path: 'inputs.day' }],
  },
  {
    title: 'a priority, a tenant and a delay of the submission that make no sense',
    source: { name: 'x', jobs: { a: { task: 't' } } },
    options: { priority: 'urgent' as 'high', tenant: 'acme inc', delayMs: -1 },
    issues: [
      { code: 'MILLRACE_DURATION', path: 'delayMs' },
      { code: 'MILLRACE_WORKFLOW_SHAPE', path: 'priority' },
      { code: 'MILLRACE_WORKFLOW_NAME', path: 'tenant' },
    ],
  },

  text(
    'a deadline that its jobs cannot meet, when that is not allowed',
    'name: x\ndeadline: ▸1h\njobs:\n  a: { task: t, estimate: 30m }\n  b: { task: slow, needs: a, delay: 10m }\n',
    'MILLRACE_DEADLINE_UNREACHABLE',
    { strictDeadline: true, estimates: new Map([['slow', 1_500_000]]) },
  ),

  // everything at once
  text(
    'a workflow with a mistake of every kind',
    'name: ▸my workflow\npriority: ▸urgent\njobs:\n  fetch: { task: http.get }\n' +
      '  parse:\n    task: log.parse\n    needs: [▸fecth, ▸publish]\n    delay: ▸later\n    with: { at: ▸"${{ inputs.at }}" }\n' +
      '  publish: { task: t, ▸retyr: 3, needs: parse, when: failed }\n  ▸alert: { needs: publish }\n  ▸fetch: { task: http.get }\n',
    [
      'MILLRACE_WORKFLOW_NAME',
      'MILLRACE_WORKFLOW_SHAPE',
      'MILLRACE_NEED_UNKNOWN',
      'MILLRACE_WORKFLOW_CYCLE',
      'MILLRACE_DURATION',
      'MILLRACE_REFERENCE',
      'MILLRACE_WORKFLOW_FIELD_UNKNOWN',
      'MILLRACE_WORKFLOW_FIELD_MISSING',
      'MILLRACE_JOB_DUPLICATE',
    ],
  ),
]
