import type { ChunkEvent } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { plainLook } from '../../../src/cli/output/look.ts'
import { chunkLines } from '../../../src/cli/progress/chunks.ts'
import { lines } from '../../../src/cli/progress/lines.ts'

const chunk = (number: number, what: ChunkEvent['chunk'], job = 'write'): ChunkEvent => ({
  kind: 'chunk',
  number,
  job,
  attempt: 1,
  at: 0,
  chunk: what,
})

describe('a chunk', () => {
  it('is a line: text as it is, data as JSON, and nothing that could move the cursor', () => {
    const show = chunkLines()
    const shown = [
      chunk(1, 'once\nupon'),
      chunk(2, { page: 3, of: [4] }),
      chunk(3, '\u001b[2Jgone', 'a\rb'),
      chunk(4, null),
    ]
      .map((event) => show(event, plainLook(0)))
      .join('')
    expect(shown.replace(/^\d\d:\d\d:\d\d/gm, 'time')).toBe(
      [
        'time  chunk  write  once upon',
        'time  chunk  write  {"page":3,"of":[4]}',
        'time  chunk  a b  \\u001b[2Jgone',
        'time  chunk  write  null',
        '',
      ].join('\n'),
    )
  })

  it('is cut to the width of the terminal', () => {
    expect(chunkLines()(chunk(1, 'x'.repeat(100)), { ...plainLook(0), width: 40 }).trimEnd()).toHaveLength(39)
  })

  it('follows a line that says how many were dropped before it', () => {
    const show = chunkLines()
    expect(show(chunk(8, 'a'), plainLook(0))).toMatch(/^… 7 chunks were dropped: only the latest are kept\n.*a\n$/)
    expect(show(chunk(9, 'b'), plainLook(0))).not.toContain('dropped')
    expect(show(chunk(11, 'c'), plainLook(0))).toMatch(/^… 1 chunk was dropped/)
  })

  it('stands among the changes of the workflow, in its place', () => {
    let sent = ''
    const view = lines({
      live: false,
      look: () => plainLook(0),
      write: (text) => {
        sent += text
      },
      drained: async () => {},
    })
    view.show(chunk(1, 'page 1'))
    view.show({ kind: 'job', job: 'write', state: 'succeeded', at: 0 })
    expect(sent.replace(/^\d\d:\d\d:\d\d/gm, 'time')).toBe('time  chunk  write  page 1\ntime  succeeded  write\n')
  })
})
