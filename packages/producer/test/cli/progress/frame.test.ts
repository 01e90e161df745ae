import type { WorkflowSummary } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { plainLook } from '../../../src/cli/output/look.ts'
import { widthOf } from '../../../src/cli/output/width.ts'
import { renderFrame } from '../../../src/cli/progress/frame.ts'
import { lineOf } from '../../../src/cli/progress/lines.ts'

const submittedAt = new Date(2026, 10, 21, 12, 0, 0).getTime()
const summary: WorkflowSummary = {
  id: 'nightly-2026-11-21',
  name: 'nightly',
  state: 'running',
  held: false,
  paused: false,
  priority: 'normal',
  onFailure: 'skip',
  jobs: { total: 10, waiting: 3, runnable: 2, succeeded: 5, dead: 0, skipped: 0, cancelled: 0 },
  submittedAt,
  finishedAt: undefined,
}
const look = { ...plainLook(submittedAt + 4_200), width: 40, symbols: true }
const last = { kind: 'job', job: 'measure.7', state: 'succeeded', at: submittedAt + 4_000 } as const

describe('a picture of a running workflow', () => {
  it('shows its state, a bar, the counts and what happened last', () => {
    expect(renderFrame(summary, last, look)).toEqual([
      '● running  nightly-2026-11-21  4.2 s',
      '████████████████░░░░░░░░░░░░░░░░░  50 %',
      '10 jobs: 5 succeeded, 2 running or que…',
      '12:00:04  ✓ succeeded  measure.7',
    ])
  })

  it('never is wider than the terminal, for then it could not be drawn over', () => {
    for (const width of [20, 33, 60, 200]) {
      const frame = renderFrame(summary, last, { ...look, width })
      expect(Math.max(...frame.map(widthOf))).toBeLessThan(width)
    }
  })

  it('stops at the time the workflow ended', () => {
    const frame = renderFrame({ ...summary, state: 'succeeded', finishedAt: submittedAt + 1_000 }, last, look)
    expect(frame).toHaveLength(3)
    expect(frame[0]).toBe('✓ succeeded  nightly-2026-11-21  1.0 s')
  })
})

describe('a line about a workflow', () => {
  const plain = plainLook(submittedAt)

  it('names a job and its new state', () => {
    expect(lineOf({ kind: 'job', job: 'fetch', state: 'succeeded', at: submittedAt }, plain)).toBe(
      '12:00:00  succeeded  fetch',
    )
  })

  it('says "held" where the engine says "running", because a person has to act', () => {
    const held = { ...summary, held: true, jobs: { ...summary.jobs, dead: 1 } }
    expect(lineOf({ kind: 'workflow', summary: held }, plain)).toContain('held  nightly-2026-11-21')
  })
})
