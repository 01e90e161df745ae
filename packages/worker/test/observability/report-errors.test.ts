import { describe, expect, it } from 'vitest'
import { reportErrors } from '../../src/observability/report-errors.ts'

describe('errors that BullMQ reports', () => {
  it('are logged when they are new, and then every 10 s at most', () => {
    let now = 0
    const lines: unknown[] = []
    const report = reportErrors({ error: (fields: { error?: string }) => lines.push(fields.error) } as never, () => now)
    const refused = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    for (now = 0; now <= 10_000; now += 500) report(refused)
    report(Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }))
    expect(lines).toEqual(['connect ECONNREFUSED', 'connect ECONNREFUSED', 'read ECONNRESET'])
  })
})
