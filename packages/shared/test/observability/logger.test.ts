import { describe, expect, it } from 'vitest'
import { createLogger } from '../../src/index.ts'

describe('the log', () => {
  it('is one line of JSON per event: who, when, how bad, what, and what belongs to it', () => {
    const lines: string[] = []
    const log = createLogger({ service: 'worker', destination: { write: (line) => lines.push(line) } })
    log.child({ job: 'parse' }).warn({ ms: 12 }, 'slow')
    log.debug('not shown: the level is info unless it is set')
    expect(lines).toHaveLength(1)
    expect(JSON.parse(lines[0]!)).toEqual({
      level: 'warn',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      service: 'worker',
      job: 'parse',
      ms: 12,
      msg: 'slow',
    })
  })
})
