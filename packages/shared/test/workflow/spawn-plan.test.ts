import { describe, expect, it } from 'vitest'
import { type JobDefinition, resolveReferences, spawnPlan } from '../../src/index.ts'

const issues = async (jobs: Record<string, JobDefinition>, options = {}) => {
  const planning = await spawnPlan('scan', jobs, options)
  return planning.ok ? [] : planning.issues.map(({ code, path }) => [code, path.join('.')])
}

describe('spawned jobs', () => {
  it('are called after the job that spawns them, needs and references included', async () => {
    const planning = await spawnPlan(
      'scan.0',
      {
        report: {
          task: 'r',
          needs: ['measure'],
          with: { all: '${{ needs.measure.output.x[0] }}', price: "${{ '$' }}${{ needs.measure.output }}" },
        },
        measure: { task: 'm', with: 'cost: $${{ x }}' },
      },
      { priority: 'high' },
    )
    expect(
      planning.ok && planning.jobs.map(({ name, needs, with: input, priority }) => ({ name, needs, input, priority })),
    ).toEqual([
      { name: 'scan.0.measure', needs: [], input: 'cost: $${{ x }}', priority: 'high' },
      {
        name: 'scan.0.report',
        needs: ['scan.0.measure'],
        input: {
          all: "${{ needs['scan.0.measure'].output.x[0] }}",
          price: "${{ '$' }}${{ needs['scan.0.measure'].output }}",
        },
        priority: 'high',
      },
    ])
    const template = planning.ok ? planning.jobs[1]!.with! : null
    expect(resolveReferences(template, { needs: { 'scan.0.measure': { x: [5] } } })).toEqual({
      ok: true,
      value: { all: 5, price: '${"x":[5]}' },
    })
  })

  it('may be none', async () => {
    expect(await spawnPlan('scan', {})).toEqual({ ok: true, jobs: [] })
  })

  it('are refused for the same reasons as the jobs of a workflow, all at once', async () => {
    expect(
      await issues({
        a: { task: 't', needs: 'elsewhere' },
        'b.c': { task: 't' },
        d: { task: 't', with: '${{ inputs.x }}' },
      }),
    ).toEqual([
      ['MILLRACE_NEED_UNKNOWN', 'a.needs'],
      ['MILLRACE_WORKFLOW_NAME', 'b.c'],
      ['MILLRACE_REFERENCE', 'd.with'],
    ])
    expect(await issues({ a: { task: 'gone' } }, { tasks: new Map([['t', { queue: 'q' }]]) })).toEqual([
      ['MILLRACE_TASK_NOT_IN_POOL', 'a.task'],
    ])
    expect(await issues({ a: { task: 't', with: (() => 1) as never } })).toEqual([
      ['MILLRACE_VALUE_NOT_JSON', 'a.with'],
    ])
  })
})
