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
  priority: 'normal',
  onFailure: 'skip',
  jobs: { total: 10, waiting: 3, runnable: 2, succeeded: 5, dead: 0, skipped: 0, cancelled: 0 },
  submittedAt,
  finishedAt: undefined,
}
const look = { ...plainLook(submittedAt + 4_200), width: 40, symbols: true }
const active = Array.from({ length: 12 }, (_, index) => ({ name: `measure.${index}`, at: submittedAt + 1_000 }))

describe('a picture of a running workflow', () => {
  it('shows its state, a bar, the counts and what is active', () => {
    expect(renderFrame(summary, active.slice(0, 1), 24, look)).toEqual([
      '● running  nightly-2026-11-21  4.2 s',
      '████████████████░░░░░░░░░░░░░░░░░  50 %',
      '10 jobs: 5 succeeded, 2 running or que…',
      '● active  measure.0  3.2 s',
    ])
  })

  it('never is higher or wider than the terminal, for then it could not be drawn over', () => {
    for (const rows of [4, 5, 10, 24]) {
      for (const width of [20, 33, 60, 200]) {
        const frame = renderFrame(summary, active, rows, { ...look, width })
        expect(frame.length).toBeLessThan(Math.max(rows, 4))
        expect(Math.max(...frame.map(widthOf))).toBeLessThan(width)
      }
    }
  })

  it('says how many active jobs it has no room for', () => {
    expect(renderFrame(summary, active, 8, look).slice(3)).toEqual([
      '● active  measure.0  3.2 s',
      '● active  measure.1  3.2 s',
      '● active  measure.2  3.2 s',
      'and 9 more active',
    ])
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
