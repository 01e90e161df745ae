import { describe, expect, it } from 'vitest'
import { expandForeach, foreachItems, type JobDefinition, type PlannedJob, resolveReferences } from '../../src/index.ts'
import { readWorkflow } from './read-workflow.ts'

/** The job `parse` of a plan, which needs `fetch`. */
function parse(fields: Partial<JobDefinition>): PlannedJob {
  const planning = readWorkflow({
    name: 'x',
    jobs: { fetch: { task: 't' }, parse: { task: 't', needs: 'fetch', delay: '1s', ...fields } },
  })
  if (!planning.ok) throw new Error(planning.issues.map((issue) => issue.message).join('\n'))
  return planning.plan.jobs[1]!
}

const NEEDS = { needs: { fetch: { parts: ['a', 'b'], day: 'today' } } }

describe('the items of a foreach', () => {
  it('come from the output of a need', () => {
    expect(foreachItems(parse({ foreach: '${{ needs.fetch.output.parts }}' }), NEEDS)).toEqual({
      ok: true,
      items: ['a', 'b'],
    })
  })

  it('may be written down, with references inside', () => {
    const job = parse({ foreach: [1, '${{ needs.fetch.output.day }}', '$${{ x }}'] })
    expect(foreachItems(job, NEEDS)).toEqual({ ok: true, items: [1, 'today', '${{ x }}'] })
  })

  it('must be a list when the time has come', () => {
    expect(foreachItems(parse({ foreach: '${{ needs.fetch.output.day }}' }), NEEDS)).toEqual({
      ok: false,
      problems: ['foreach of "parse" takes a list, but ${{ needs.fetch.output.day }} is "today"'],
    })
    expect(foreachItems(parse({ foreach: '${{ needs.fetch.output.gone }}' }), NEEDS).ok).toBe(false)
  })
})

describe('a foreach job', () => {
  it('becomes one job per item that is ready to run, with the item as its input', () => {
    const job = parse({ foreach: ['a', 'b'], retry: 2, queue: 'logs' })
    const expansion = expandForeach(job, ['a', 'b'], NEEDS)
    expect(expansion).toEqual({
      ok: true,
      jobs: [
        { ...job, name: 'parse.0', with: 'a', foreach: undefined, needs: [], delayMs: 0 },
        { ...job, name: 'parse.1', with: 'b', foreach: undefined, needs: [], delayMs: 0 },
      ],
    })
  })

  it('fills item, index and needs into its input', () => {
    const job = parse({
      foreach: ['a'],
      with: { at: '${{ index }}', file: '${{ item }}.log', day: '${{ needs.fetch.output.day }}' },
    })
    const expansion = expandForeach(job, ['a', 'b'], NEEDS)
    expect(expansion.ok && expansion.jobs.map((each) => each.with)).toEqual([
      { at: 0, file: 'a.log', day: 'today' },
      { at: 1, file: 'b.log', day: 'today' },
    ])
  })

  it('does not take data for references', () => {
    const expansion = expandForeach(parse({ foreach: ['x'] }), ['${{ needs.fetch.output }}'], NEEDS)
    const input = expansion.ok ? expansion.jobs[0]!.with! : null
    expect(resolveReferences(input, NEEDS)).toEqual({ ok: true, value: '${{ needs.fetch.output }}' })
  })

  it('becomes no job for no item', () => {
    expect(expandForeach(parse({ foreach: [] }), [], NEEDS)).toEqual({ ok: true, jobs: [] })
  })

  it('tells the problems of all items', () => {
    const job = parse({ foreach: ['x'], with: '${{ item.url }}' })
    expect(expandForeach(job, [{ url: 'u' }, {}, 7], NEEDS)).toEqual({
      ok: false,
      problems: [
        'parse.1: ${{ item.url }}: item has no field "url"',
        'parse.2: ${{ item.url }}: item is a number and has no .url',
      ],
    })
  })
})
