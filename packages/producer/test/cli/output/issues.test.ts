import type { Issue } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { excerpt, renderIssues } from '../../../src/cli/output/issues.ts'
import { plainLook } from '../../../src/cli/output/look.ts'

const look = plainLook(0)
const needUnknown: Issue = {
  code: 'MILLRACE_NEED_UNKNOWN',
  message: 'There is no job "fetchh".',
  path: ['jobs', 'parse', 'needs', 0],
  line: 3,
  column: 18,
}

describe('the issues of a workflow', () => {
  it('are shown where they are, with the source line and a caret, and counted', () => {
    const source = 'jobs:\n  fetch: {}\n  parse: { needs: fetchh }\n'
    expect(renderIssues([needUnknown], 'a.yaml', source, look)).toBe(
      [
        'a.yaml:3:18  MILLRACE_NEED_UNKNOWN  There is no job "fetchh".',
        '    3 |   parse: { needs: fetchh }',
        '      |                  ^',
        '',
        '1 problem in a.yaml',
      ].join('\n'),
    )
  })

  it('without a position name the path', () => {
    const { line, column, ...issue } = needUnknown
    expect(renderIssues([issue, issue], 'a.yaml', '', look)).toBe(
      [
        'a.yaml at jobs.parse.needs[0]  MILLRACE_NEED_UNKNOWN  There is no job "fetchh".',
        'a.yaml at jobs.parse.needs[0]  MILLRACE_NEED_UNKNOWN  There is no job "fetchh".',
        '',
        '2 problems in a.yaml',
      ].join('\n'),
    )
  })

  it('have their message below, wrapped, where the terminal is narrow', () => {
    const message = 'There is no job "fetchh". Did you mean "fetch"?'
    const source = '\n\n  parse: { needs: fetchh }\n'
    expect(renderIssues([{ ...needUnknown, message }], 'a.yaml', source, { ...look, width: 36 })).toBe(
      [
        'a.yaml:3:18  MILLRACE_NEED_UNKNOWN',
        '    There is no job "fetchh". Did',
        '    you mean "fetch"?',
        '    3 |   parse: { needs: fetchh }',
        '      |                  ^',
        '',
        '1 problem in a.yaml',
      ].join('\n'),
    )
  })

  it('may stand on a line that the source does not have, such as the end of the file', () => {
    expect(renderIssues([{ ...needUnknown, line: 9 }], 'a.yaml', 'x', look)).toContain(
      'a.yaml:9:18  MILLRACE_NEED_UNKNOWN',
    )
  })
})

/** The character of the source line that stands above the caret. */
function pointedAt(source: string, column: number, width: number): string | undefined {
  const [line = '', caret = ''] = excerpt(source, 1, column, { ...look, width }).split('\n')
  return line[caret.indexOf('^')]
}

describe('an excerpt', () => {
  it('points at the same character however long the line is', () => {
    const source = `${'a'.repeat(500)}X${'b'.repeat(500)}`
    for (const width of [40, 60, 100, Infinity]) expect(pointedAt(source, 501, width)).toBe('X')
    for (const column of [1, 20, 50, 480]) expect(pointedAt(source, column, 60)).toBe('a')
  })

  it('never is wider than the terminal', () => {
    const source = 'a'.repeat(500)
    for (const column of [1, 30, 250, 500]) {
      const lines = excerpt(source, 1, column, { ...look, width: 60 }).split('\n')
      expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(60)
    }
  })

  it('counts tabs as one column and wide characters as two', () => {
    expect(excerpt('\tx: 1', 1, 2, look).split('\n')[1]).toBe('      |  ^')
    expect(excerpt('日本: 1', 1, 3, look).split('\n')[1]).toBe('      |     ^')
  })

  it('shows control characters as dots, so that they cannot move the caret', () => {
    expect(excerpt('a\u001b[31mX', 1, 7, look)).toBe('    1 | a·[31mX\n      |       ^')
  })
})
