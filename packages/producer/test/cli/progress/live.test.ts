import type { WorkflowSummary } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { plainLook } from '../../../src/cli/output/look.ts'
import { live } from '../../../src/cli/progress/live.ts'

const summary: WorkflowSummary = {
  id: 'nightly',
  name: 'nightly',
  state: 'running',
  held: false,
  paused: false,
  priority: 'normal',
  onFailure: 'skip',
  jobs: { total: 4, waiting: 2, runnable: 1, succeeded: 1, dead: 0, skipped: 0, cancelled: 0 },
  submittedAt: 0,
  finishedAt: undefined,
}
const failed: WorkflowSummary = {
  ...summary,
  state: 'failed',
  jobs: { ...summary.jobs, waiting: 0, runnable: 0, dead: 1, skipped: 2 },
  finishedAt: 2_000,
}

/** What is left on a terminal after it was sent this text: it knows line feeds, cursor up and clearing downwards. */
function shownAfter(sent: string): string[] {
  const rows = ['']
  let row = 0
  for (const [token] of sent.matchAll(/\p{Cc}\[(?:\d+A|J)|\r|\n|\P{Cc}+/gu)) {
    if (token === '\n') row++
    else if (token.endsWith('A') && token.startsWith('\u001b')) row -= Number.parseInt(token.slice(2), 10)
    else if (token === '\u001b[J') rows.length = row
    else if (token !== '\r') rows[row] = (rows[row] ?? '') + token
  }
  return rows
}

describe('the live view of a workflow', () => {
  it('is drawn over in place, and keeps the jobs that died and the chunks above it', () => {
    let sent = ''
    const look = { ...plainLook(1_000), width: 40 }
    const view = live({
      live: true,
      look: () => look,
      write: (text) => {
        sent += text
      },
      drained: async () => {},
    })
    view.show({ kind: 'chunk', number: 1, job: 'fetch', attempt: 1, at: 0, chunk: 'early' })
    view.show({ kind: 'workflow', summary })
    expect(shownAfter(sent)).toEqual([
      expect.stringMatching(/^\d\d:\d\d:00 {2}chunk {2}fetch {2}early$/),
      'running  nightly  1.0 s',
      '████████░░░░░░░░░░░░░░░░░░░░░░░░░  25 %',
      '4 jobs: 1 succeeded, 1 running or queu…',
    ])
    view.show({ kind: 'job', job: 'parse', state: 'dead', at: 1_000 })
    view.show({ kind: 'workflow', summary: failed })
    view.end()
    expect(shownAfter(sent)).toEqual([
      expect.stringMatching(/^\d\d:\d\d:00 {2}chunk {2}fetch {2}early$/),
      expect.stringMatching(/^\d\d:\d\d:01 {2}dead {2}parse$/),
      'failed  nightly  2.0 s',
      '████████▓▓▓▓▓▓▓▓▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒▒ 100 %',
      '4 jobs: 1 succeeded, 1 dead, 2 skipped',
    ])
  })
})
