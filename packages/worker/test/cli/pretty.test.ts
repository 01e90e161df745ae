import { describe, expect, it } from 'vitest'
import { prettyLine } from '../../src/cli/pretty.ts'

const line = (fields: object) =>
  JSON.stringify({ level: 'info', time: '2026-11-20T10:11:12.345Z', service: 'worker', ...fields })

describe('a log line for people', () => {
  it('is the time, the level, the message and what belongs to it', () => {
    expect(prettyLine(line({ msg: 'the job succeeded', job: 'parse.3', ms: 12, tasks: ['a'] }), false)).toBe(
      '10:11:12.345 info  the job succeeded job=parse.3 ms=12 tasks=["a"]\n',
    )
  })

  it('shows a stack below, indented', () => {
    expect(prettyLine(line({ msg: 'x', stack: 'Error: boom\n  at y' }), false)).toBe(
      '10:11:12.345 info  x\n    Error: boom\n      at y\n',
    )
  })

  it('is coloured when it may be', () => {
    expect(prettyLine(line({ msg: 'x' }), true)).toContain('\u001b[32minfo')
  })

  it('stays what it is when it was no line of the log', () => {
    expect(prettyLine('plain text\n', false)).toBe('plain text\n')
  })
})
