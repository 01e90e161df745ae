import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  escapeReferences,
  hasRunTimeReferences,
  type Json,
  type ReferenceScope,
  resolveReferences,
} from '../../../src/index.ts'
import { printTemplate, readTemplate } from '../../../src/workflow/references/template.ts'
import { readWorkflow } from '../read-workflow.ts'

const SCOPE: ReferenceScope = {
  needs: { fetch: { parts: [{ 'my key': 'p' }, 7], empty: null }, 'parse.0': 'spawned', silent: null },
  item: { name: 'north', list: [1, 2] },
  index: 3,
}

const value = (template: Json, scope = SCOPE) => {
  const resolved = resolveReferences(template, scope)
  if (!resolved.ok) throw new Error(resolved.problems.join('\n'))
  return resolved.value
}

const problems = (template: Json, scope = SCOPE) => {
  const resolved = resolveReferences(template, scope)
  return resolved.ok ? [] : resolved.problems
}

describe('a reference', () => {
  it.each<[string, unknown]>([
    ['${{ needs.fetch.output.parts }}', [{ 'my key': 'p' }, 7]],
    ['${{needs.fetch.output.parts[1]}}', 7],
    ["${{ needs.fetch.output.parts[0]['my key'] }}", 'p'],
    ['${{ needs["parse.0"].output }}', 'spawned'],
    ['${{ needs.silent.output }}', null],
    ['${{ needs.fetch.output.empty }}', null],
    ['${{ item }}', { name: 'north', list: [1, 2] }],
    ['${{ item.list[0] }}', 1],
    ['${{ index }}', 3],
  ])('that is the whole text keeps the type of its value: %s', (template, expected) => {
    expect(value(template)).toEqual(expected)
  })

  it.each([
    ['no ${{ index }} of ${{ item.name }}', 'no 3 of north'],
    ['${{ item.list }}!', '[1,2]!'],
    [' ${{ index }}', ' 3'],
    ['${{ needs.silent.output }}.', 'null.'],
    ['${{ index }}${{ index }}', '33'],
  ])('with something around it becomes text: %s', (template, expected) => {
    expect(value(template)).toBe(expected)
  })

  it.each([
    ['$${{ index }}', '${{ index }}'],
    ['$$${{ index }}', '$${{ index }}'],
    ["${{ '${{' }} index }}", '${{ index }}'],
    ["${{ '$' }}${{ index }}", '$3'],
    ['${{ "it\'s" }}', "it's"],
    ['${ index } {{ index }} $ {', '${ index } {{ index }} $ {'],
  ])('can be written down without being one: %s', (template, expected) => {
    expect(value(template)).toBe(expected)
  })

  it('works at any depth of lists and objects, but not in names of fields', () => {
    expect(value({ a: [{ '${{ index }}': '${{ index }}' }] })).toEqual({ a: [{ '${{ index }}': 3 }] })
  })

  it.each([
    ['${{ needs.other.output }}', '${{ needs.other.output }}: there is no output of "other"'],
    ['${{ needs.toString.output }}', '${{ needs.toString.output }}: there is no output of "toString"'],
    [
      '${{ needs.fetch.output.prats }}',
      '${{ needs.fetch.output.prats }}: needs.fetch.output has no field "prats". Did you mean "parts"?',
    ],
    [
      '${{ needs.fetch.output.constructor }}',
      '${{ needs.fetch.output.constructor }}: needs.fetch.output has no field "constructor". It has parts, empty',
    ],
    [
      '${{ needs.fetch.output.parts[2] }}',
      '${{ needs.fetch.output.parts[2] }}: needs.fetch.output.parts is a list of 2: there is no [2]',
    ],
    [
      '${{ needs.fetch.output.parts.length }}',
      '${{ needs.fetch.output.parts.length }}: needs.fetch.output.parts is a list of 2: there is no field "length"',
    ],
    ['${{ needs.silent.output.x }}', '${{ needs.silent.output.x }}: needs.silent.output is null and has no .x'],
    ['${{ item.name.length }}', '${{ item.name.length }}: item.name is a string and has no .length'],
    ['${{ item', '${{ item cannot be read: it is not closed: add }}'],
  ])('that leads nowhere is a problem: %s', (template, problem) => {
    expect(problems(template)).toEqual([problem])
  })

  it('needs its scope', () => {
    expect(problems(['${{ item }}', '${{ index }}', '${{ inputs.x }}'], {})).toEqual([
      '${{ item }}: only a job with foreach has an item',
      '${{ index }}: only a job with foreach has an index',
      '${{ inputs.x }}: inputs are filled in when the workflow is submitted, not while it runs',
    ])
  })

  it('cannot blow up a text', () => {
    const scope = { item: 'x'.repeat(1_000_000) }
    expect(problems('${{ item }}'.repeat(100), scope)).toHaveLength(1)
  })

  it('is not read out of the data that it brings', () => {
    expect(value('${{ item }} ${{ index }}', { item: '${{ index }}', index: 1 })).toBe('${{ index }} 1')
  })
})

describe('hasRunTimeReferences', () => {
  it.each<[Json, boolean]>([
    ['plain', false],
    ['${{ inputs.day }}', false],
    ['$${{ item }}', false],
    [{ a: ['${{ item }}'] }, true],
    ['at ${{ needs.a.output }}', true],
    [7, false],
  ])('looks at %j and says %s', (template, expected) => {
    expect(hasRunTimeReferences(template)).toBe(expected)
  })
})

/** Texts full of what templates are made of. */
const tricky = fc
  .array(
    fc.constantFrom('$', '{', '}', '${{', '}}', '$${{', "'", '"', ' ', 'index', 'item.x', '${{ index }}', 'é', '\n'),
    { maxLength: 12 },
  )
  .map((pieces) => pieces.join(''))
const json = fc.jsonValue().chain((value) => tricky.map((text) => [value, { [text]: text, text }] as Json))

describe('a template', () => {
  it('made by escaping data resolves to exactly that data', () => {
    fc.assert(fc.property(json, (data) => void expect(value(escapeReferences(data), {})).toEqual(data)))
  })

  it('can be printed and read again without a change', () => {
    fc.assert(
      fc.property(tricky, (text) => {
        const parts = readTemplate(text)
        fc.pre(parts.every((part) => part.kind !== 'malformed'))
        const again = readTemplate(printTemplate(parts)).map((part) => ({ ...part, source: '' }))
        expect(again).toEqual(parts.map((part) => ({ ...part, source: '' })))
      }),
    )
  })

  it('never throws, whatever its text', () => {
    fc.assert(fc.property(tricky, (text) => void resolveReferences(text, {})))
  })

  it('gives the same value whether an input comes before or while the workflow runs', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(tricky, fc.constant('${{ REF }}')), { maxLength: 4 }), tricky, (pieces, input) => {
        const around = pieces.join('')
        const atRunTime = around.replaceAll('REF', 'item')
        const parts = readTemplate(atRunTime)
        // where REF came to stand in an escape or in quotes, the two texts differ for good reason
        fc.pre(
          parts.every((part) =>
            part.kind === 'text' ? !part.text.includes('item }}') : part.source === '${{ item }}',
          ),
        )
        const planning = readWorkflow({
          name: 'x',
          inputs: { text: input },
          jobs: { a: { task: 't', with: around.replaceAll('REF', 'inputs.text') } },
        })
        if (!planning.ok) throw new Error(planning.issues[0]!.message)
        expect(value(planning.plan.jobs[0]!.with!, {})).toEqual(value(atRunTime, { item: input }))
      }),
    )
  })
})
