import { planWorkflow } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { toWorkflow } from '../../traces/to-workflow.ts'
import type { Trace } from '../../traces/trace.ts'
import { readTrace } from '../../traces/wfformat.ts'
import { smallTrace } from './small-trace.ts'

const { trace } = readTrace(JSON.stringify(smallTrace())) as { trace: Trace }

describe('the workflow of a trace', () => {
  it('waits the scaled runtimes under names that any id can be made into', async () => {
    const { workflow, idOf } = toWorkflow(trace, { scale: 2, policy: 'fifo' })
    expect((await planWorkflow(workflow)).ok).toBe(true)
    expect([...idOf.values()]).toEqual(['A.1', 'B:2', 'C', 'D'])
    expect(Object.keys(workflow.jobs)).toEqual([...idOf.keys()])
    expect(Object.values(workflow.jobs).map((job) => job.with)).toEqual([
      { ms: 600 },
      { ms: 1_200 },
      { ms: 400 },
      { ms: 200 },
    ])
  })

  it('says how long its jobs take only when the critical path is to be known', () => {
    const estimates = (policy: 'critical-path' | 'fifo') =>
      Object.values(toWorkflow(trace, { scale: 1, policy }).workflow.jobs).map(({ estimate }) => estimate)
    expect(estimates('critical-path')).toEqual([300, 600, 200, 100])
    expect(estimates('fifo')).toEqual([undefined, undefined, undefined, undefined])
  })
})
