import { describe, expect, it } from 'vitest'
import { readTrace } from '../../traces/wfformat.ts'
import { smallTrace } from './small-trace.ts'

type Document = ReturnType<typeof smallTrace>

/** What is wrong with the small trace once `change` has been at it. */
function problems(change: (document: Document) => void): string[] {
  const document = smallTrace()
  change(document)
  const reading = readTrace(JSON.stringify(document))
  return reading.ok ? [] : reading.problems
}

describe('a WfFormat file', () => {
  it('becomes jobs with needs and seconds', () => {
    expect(readTrace(JSON.stringify(smallTrace()))).toEqual({
      ok: true,
      trace: {
        name: 'small',
        jobs: [
          { id: 'A.1', needs: [], seconds: 0.3 },
          { id: 'B:2', needs: ['A.1'], seconds: 0.6 },
          { id: 'C', needs: ['A.1'], seconds: 0.2 },
          { id: 'D', needs: ['B:2', 'C'], seconds: 0.1 },
        ],
      },
    })
  })

  it('has an edge when either end tells of it, and none for an empty id', () => {
    const document = smallTrace()
    for (const task of document.workflow.specification.tasks) {
      if (task.id === 'C') task.parents = ['']
      if (task.id === 'D') task.parents = []
    }
    expect(readTrace(JSON.stringify(document))).toEqual(readTrace(JSON.stringify(smallTrace())))
  })

  it('may have measurements of what is no task', () => {
    expect(problems(({ workflow }) => workflow.execution.tasks.push({ id: 'stage-in', runtimeInSeconds: 1 }))).toEqual(
      [],
    )
  })

  it('is refused with all that is wrong with its shape', () => {
    expect(readTrace('{"schemaVersion":"1.4","workflow":{"specification":{"tasks":[]}}}')).toEqual({
      ok: false,
      problems: [
        expect.stringContaining('name: '),
        expect.stringContaining('schemaVersion: '),
        expect.stringContaining('workflow.specification.tasks: '),
        expect.stringContaining('workflow.execution: '),
      ],
    })
  })

  it('is refused when it is no JSON', () => {
    expect(readTrace('jobs: {}')).toEqual({ ok: false, problems: [expect.stringContaining('it is no JSON')] })
  })

  it('is refused with every task that cannot be run', () => {
    const found = problems(({ workflow: { specification, execution } }) => {
      specification.tasks.push({ name: 'c', id: 'C', parents: ['X'], children: ['Y'] })
      execution.tasks.shift()
    })
    expect(found).toEqual([
      'the task "A.1" has no runtime: workflow.execution.tasks does not have it',
      'the task "C" stands in workflow.specification.tasks twice',
      'the task "C" has the parent "X", which is no task',
      'the task "C" has the child "Y", which is no task',
    ])
  })

  it('is refused when its tasks wait for each other', () => {
    const found = problems(({ workflow }) => workflow.specification.tasks[0]?.parents.push('D'))
    expect(found).toEqual(['tasks wait for each other: A.1 → D → B:2 → A.1'])
  })
})
