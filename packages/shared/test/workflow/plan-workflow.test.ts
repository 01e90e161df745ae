import { describe, expect, it } from 'vitest'
import {
  type KnownTask,
  type KnownTasks,
  type PlanOptions,
  planWorkflow,
  type WorkflowDefinition,
} from '../../src/index.ts'
import { readWorkflow } from './read-workflow.ts'

const REPORT = `
name: nightly-report
priority: high
tenant: acme
deadline: 2h
onFailure: hold
inputs: { day: "2026-11-20" }
jobs:
  publish: { task: report.publish, needs: [totals, errors], delay: 1.5h }
  totals:  { task: log.totals, needs: parse }
  errors:  { task: log.errors, needs: parse, uses: [geoip, geoip], priority: low }
  fetch:   { task: http.get, with: { url: "https://example.org/\${{ inputs.day }}.log" }, retry: 5 }
  parse:   { task: log.parse, needs: fetch, foreach: "\${{ needs.fetch.output.parts }}" }
  alert:   { task: page.oncall, needs: publish, when: failed, queue: pager, estimate: 90s, complexity: complex, type: security, retry: { delay: 1s, maxDelay: 1m }, timeout: 30s }
`

async function plan(source: string | WorkflowDefinition, options?: PlanOptions) {
  const planning = await planWorkflow(source, options)
  if (!planning.ok) throw new Error(planning.issues.map((issue) => issue.message).join('\n'))
  return planning.plan
}

const onlyJob = async (source: string | WorkflowDefinition, options?: PlanOptions) =>
  (await plan(source, options)).jobs[0]!

describe('a plan', () => {
  it('has every default filled in and every duration in milliseconds', async () => {
    const { jobs, ...workflow } = await plan(REPORT)
    expect(workflow).toEqual({
      name: 'nightly-report',
      priority: 'high',
      tenant: 'acme',
      onFailure: 'hold',
      deadlineMs: 7_200_000,
      inputs: { day: '2026-11-20' },
    })
    expect(jobs.find((job) => job.name === 'fetch')).toEqual({
      name: 'fetch',
      task: 'http.get',
      needs: [],
      when: 'succeeded',
      with: { url: 'https://example.org/2026-11-20.log' },
      foreach: undefined,
      uses: [],
      queue: 'default',
      priority: 'high',
      delayMs: 0,
      timeoutMs: undefined,
      retry: { attempts: 5 },
    })
    expect(jobs.find((job) => job.name === 'alert')).toMatchObject({
      needs: ['publish'],
      when: 'failed',
      queue: 'pager',
      timeoutMs: 30_000,
      estimateMs: 90_000,
      complexity: 'complex',
      type: 'security',
      retry: { delayMs: 1_000, maxDelayMs: 60_000 },
    })
    expect(jobs.find((job) => job.name === 'errors')).toMatchObject({ uses: ['geoip'], priority: 'low' })
  })

  it('lists each job after its needs, and otherwise as they were written', async () => {
    const { jobs } = await plan(REPORT)
    expect(jobs.map((job) => job.name)).toEqual(['fetch', 'parse', 'totals', 'errors', 'publish', 'alert'])
  })

  it('is the same from YAML, from JSON, and from an object', async () => {
    const object = { name: 'x', jobs: { a: { task: 't' }, b: { task: 't', needs: 'a', with: { n: [1, null, 'é'] } } } }
    const yaml = 'name: x\njobs:\n  a:\n    task: t\n  b:\n    task: t\n    needs: a\n    with:\n      n: [1, ~, é]\n'
    const fromObject = await plan(object)
    expect(await plan(JSON.stringify(object))).toEqual(fromObject)
    expect(await plan(`\t${JSON.stringify(object, undefined, '\t')}`)).toEqual(fromObject)
    expect(await plan(yaml)).toEqual(fromObject)
    expect(await plan(yaml.replaceAll('\n', '\r\n'))).toEqual(fromObject)
  })

  it('may use anchors, aliases and merge keys', async () => {
    const { jobs } = await plan(
      'name: x\njobs:\n  a: &base { task: t, retry: 2 }\n  b: { <<: *base, needs: a }\n  c: *base\n',
    )
    expect(jobs.map(({ name, task, needs, retry }) => ({ name, task, needs, retry }))).toEqual([
      { name: 'a', task: 't', needs: [], retry: { attempts: 2 } },
      { name: 'b', task: 't', needs: ['a'], retry: { attempts: 2 } },
      { name: 'c', task: 't', needs: [], retry: { attempts: 2 } },
    ])
  })

  it('may name an alias thousands of times', async () => {
    const jobs = Array.from({ length: 3_000 }, (_, n) => `  j${n}: { task: t, with: *data }`).join('\n')
    expect((await plan(`name: x\ninputs: { data: &data { a: 1 } }\njobs:\n${jobs}\n`)).jobs).toHaveLength(3_000)
  })

  it('may have jobs and inputs with names that mean something in JavaScript', async () => {
    const { jobs } = await plan({
      name: 'constructor',
      inputs: { toString: 'text', hasOwnProperty: 1 },
      jobs: {
        constructor: { task: 'valueOf', with: '${{ inputs.toString }}' },
        toString: { task: 't', needs: 'constructor', with: '${{ needs.constructor.output }}' },
      },
    })
    expect(jobs.map((job) => [job.name, job.with])).toEqual([
      ['constructor', 'text'],
      ['toString', '${{ needs.constructor.output }}'],
    ])
  })

  it('leaves out what is undefined, as JSON does', async () => {
    const source = { name: 'x', jobs: { a: { task: 't', with: { a: undefined, b: 1 }, queue: undefined } } }
    expect(await onlyJob(source as unknown as WorkflowDefinition)).toMatchObject({ with: { b: 1 }, queue: 'default' })
  })

  it('keeps an input of null apart from no input', async () => {
    expect((await onlyJob('name: x\njobs: { a: { task: t, with: null } }')).with).toBeNull()
    expect((await onlyJob('name: x\njobs: { a: { task: t } }')).with).toBeUndefined()
  })

  it('allows what JSON files name for their editor', async () => {
    expect((await plan('{ "$schema": "x.json", "name": "x", "jobs": { "a": { "task": "t" } } }')).name).toBe('x')
  })

  it('takes the queue of the job, else of its task, else the default', async () => {
    const tasks = new Map([['t', { queue: 'slow' }]])
    expect((await onlyJob('name: x\njobs: { a: { task: t } }', { tasks })).queue).toBe('slow')
    expect((await onlyJob('name: x\njobs: { a: { task: t, queue: fast } }', { tasks })).queue).toBe('fast')
    expect((await onlyJob('name: x\njobs: { a: { task: t } }')).queue).toBe('default')
  })

  it('does not know the tasks of a pool that names none', async () => {
    expect((await onlyJob('name: x\njobs: { a: { task: t } }', { tasks: new Map() })).task).toBe('t')
  })

  it('holds 10,000 jobs in one chain', () => {
    const jobs = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`j${n}`, { task: 't', needs: n < 9_999 ? [`j${n + 1}`] : [] }]),
    )
    const planning = readWorkflow({ name: 'x', jobs })
    expect(planning.ok && planning.plan.jobs.at(-1)?.name).toBe('j0')
  })
})

describe('what comes with a submission', () => {
  const source =
    'name: x\npriority: low\ninputs: { day: today }\njobs:\n  a: { task: t, delay: 1s, with: "${{ inputs.day }}" }\n  b: { task: t, needs: a, delay: 1s, priority: high }\n'

  it('replaces inputs, whatever their type', async () => {
    const planned = await plan(source, { inputs: { day: [1, 2] } })
    expect(planned.inputs).toEqual({ day: [1, 2] })
    expect(planned.jobs[0]!.with).toEqual([1, 2])
  })

  it('may bring an input that is not declared, when a job uses it', async () => {
    expect(
      (await onlyJob('name: x\njobs: { a: { task: t, with: "${{ inputs.day }}" } }', { inputs: { day: 7 } })).with,
    ).toBe(7)
  })

  it('replaces the priority of the workflow, not that of a job', async () => {
    const planned = await plan(source, { priority: 'critical' })
    expect([planned.priority, ...planned.jobs.map((job) => job.priority)]).toEqual(['critical', 'critical', 'high'])
  })

  it('delays the first jobs, and only them', async () => {
    expect((await plan(source, { delayMs: 500 })).jobs.map((job) => job.delayMs)).toEqual([1_500, 1_000])
  })

  it('cannot smuggle in a reference', async () => {
    const planned = await plan(source, { inputs: { day: '${{ needs.b.output }}' } })
    expect(planned.jobs[0]!.with).toBe('$${{ needs.b.output }}')
  })
})

describe('an input that its task checks', () => {
  const seen: unknown[] = []
  const check = (input: unknown) => {
    seen.push(input)
    return []
  }
  const tasks: KnownTasks = new Map([['t', { queue: 'default', check }]])

  it('is checked as the task will see it: inputs filled in, escapes undone', async () => {
    seen.length = 0
    await plan(
      'name: x\ninputs: { n: 1 }\njobs: { a: { task: t, with: { n: "${{ inputs.n }}", text: "$${{ x }}" } } }',
      { tasks },
    )
    expect(seen).toEqual([{ n: 1, text: '${{ x }}' }])
  })

  it('is not checked while it refers to what only exists later', async () => {
    seen.length = 0
    await plan(
      'name: x\njobs:\n  a: { task: u }\n  b: { task: t, needs: a, with: "${{ needs.a.output }}" }\n  c: { task: t, foreach: [1], with: "${{ item }}" }\n',
      {
        tasks: new Map<string, KnownTask>(tasks).set('u', { queue: 'default' }),
      },
    )
    expect(seen).toEqual([])
  })

  it('is not checked by readWorkflow, which waits for nothing', () => {
    seen.length = 0
    expect(readWorkflow('name: x\njobs: { a: { task: t } }', { tasks }).ok).toBe(true)
    expect(seen).toEqual([])
  })
})
