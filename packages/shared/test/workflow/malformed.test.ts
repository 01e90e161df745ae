import { describe, expect, it } from 'vitest'
import { ERRORS, planWorkflow } from '../../src/index.ts'
import { showPath } from '../../src/workflow/finding.ts'
import { MALFORMED } from './malformed.ts'

describe('a malformed workflow', () => {
  it.each(MALFORMED.map((malformed) => [malformed.title, malformed] as const))(
    'is refused: %s',
    async (_, malformed) => {
      const planning = await planWorkflow(malformed.source, malformed.options)
      if (planning.ok) throw new Error('it was planned')
      const told = planning.issues.map(({ code, line, column, path }) =>
        line === undefined ? { code, path: showPath(path) } : { code, line, column },
      )
      expect(told, planning.issues.map((issue) => issue.message).join('\n')).toEqual(malformed.issues)
    },
  )

  it.each(MALFORMED.map((malformed) => [malformed.title, malformed] as const))(
    'is told so in short, whole sentences: %s',
    async (_, { source, options }) => {
      const planning = await planWorkflow(source, options)
      for (const { message } of planning.ok ? [] : planning.issues) {
        expect(message).toMatch(/^\S.*[.?]$/)
        expect(message).not.toMatch(/\[object|NaN bytes|\.\.$|\?\.$|\n/)
        expect(message.length).toBeLessThan(500)
      }
    },
  )

  it('is one of at least 80, and their titles differ', () => {
    expect(MALFORMED.length).toBeGreaterThanOrEqual(80)
    expect(new Set(MALFORMED.map(({ title }) => title)).size).toBe(MALFORMED.length)
  })

  it('is refused with each of the codes that refuse a workflow', () => {
    const met = new Set(MALFORMED.flatMap(({ issues }) => issues.map(({ code }) => code)))
    const refusals = Object.entries(ERRORS).flatMap(([code, { category }]) => (category === 'workflow' ? [code] : []))
    expect(refusals.filter((code) => !met.has(code as keyof typeof ERRORS))).toEqual(['MILLRACE_WORKFLOW_CONFLICT'])
  })
})
