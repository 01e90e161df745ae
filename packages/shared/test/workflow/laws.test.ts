import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { stringify } from 'yaml'
import { escapeReferences, type Json, type WorkflowDefinition } from '../../src/index.ts'
import { dags, shuffled } from './dags.ts'
import { readWorkflow } from './read-workflow.ts'

/** `__proto__` is refused everywhere; `<<` is a key like any other in JSON, and YAML's way to merge when it is written bare. */
const special = /__proto__|"<<"/
const input = fc
  .jsonValue({ maxDepth: 3 })
  .filter((value) => !special.test(JSON.stringify(value))) as fc.Arbitrary<Json>
const duration = fc.oneof(fc.nat(1e6), fc.constantFrom('500ms', '30s', '1.5h', '2d'))
const retry = fc.oneof(
  fc.integer({ min: 1, max: 100 }),
  fc.record({ attempts: fc.integer({ min: 1, max: 100 }), delay: duration }, { requiredKeys: [] }),
)
const fields = fc.record(
  {
    with: input.map(escapeReferences),
    retry,
    delay: duration,
    queue: fc.constantFrom('a', 'b'),
    uses: fc.constantFrom('x', ['x', 'y']),
    foreach: fc.array(input.map(escapeReferences), { maxLength: 3 }),
  },
  { requiredKeys: [] },
)

const workflows: fc.Arbitrary<WorkflowDefinition> = dags.chain(shuffled).chain((dag) =>
  fc.tuple(fc.array(fields, { minLength: dag.length, maxLength: dag.length }), fc.constantFrom('high', 'low')).map(
    ([extra, priority]) =>
      ({
        name: 'any',
        priority,
        jobs: Object.fromEntries(dag.map(({ name, needs }, index) => [name, { task: 't', needs, ...extra[index] }])),
      }) as WorkflowDefinition,
  ),
)

describe('any workflow', () => {
  it('has the same plan as its YAML and its JSON', () => {
    fc.assert(
      fc.property(workflows, (workflow) => {
        const plan = readWorkflow(workflow)
        expect(plan.ok).toBe(true)
        expect(readWorkflow(stringify(workflow))).toEqual(plan)
        expect(readWorkflow(JSON.stringify(workflow))).toEqual(plan)
      }),
      { numRuns: 60 },
    )
  })

  it('is not changed by planning it', () => {
    fc.assert(
      fc.property(workflows, (workflow) => {
        const before = structuredClone(workflow)
        readWorkflow(workflow)
        expect(workflow).toEqual(before)
      }),
      { numRuns: 30 },
    )
  })
})

describe('anything at all', () => {
  it('is planned or refused with issues, and never throws', () => {
    const mess = fc.record(
      {
        name: fc.anything(),
        jobs: fc.oneof(
          fc.anything(),
          fc.dictionary(
            fc.string(),
            fc.oneof(
              fc.anything(),
              fc.record(
                {
                  task: fc.anything(),
                  needs: fc.anything(),
                  with: fc.anything(),
                  retry: fc.anything(),
                  foreach: fc.anything(),
                },
                { requiredKeys: [] },
              ),
            ),
          ),
        ),
        inputs: fc.anything(),
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(fc.oneof(fc.anything(), mess), (source) => {
        const planning = readWorkflow(source as WorkflowDefinition)
        expect(planning.ok || planning.issues.length > 0).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  it('is read as text or refused with a line, and never throws', () => {
    const yamlish = fc.array(
      fc.constantFrom(
        'name: x',
        'jobs:',
        '  a: { task: t }',
        '  b:',
        '    needs: [a, b]',
        '- x',
        '&a',
        '*a',
        '? k',
        '{',
        '}',
        '[',
        '"',
        ': ',
        '\t',
        '<<: *a',
        '#',
        '---',
        '!!set',
        '|',
        '>',
        '\u0000',
        '${{ x',
      ),
      { maxLength: 10 },
    )
    fc.assert(
      fc.property(
        yamlish.chain((lines) => fc.constantFrom(lines.join('\n'), lines.join(' '))),
        (text) => {
          const planning = readWorkflow(text)
          if (!planning.ok)
            expect(planning.issues.every((issue) => issue.line !== undefined && issue.column !== undefined)).toBe(true)
        },
      ),
      { numRuns: 1_000 },
    )
  })
})
