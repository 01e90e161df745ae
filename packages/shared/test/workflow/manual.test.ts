import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERRORS, planWorkflow } from '../../src/index.ts'
import { FIELDS } from '../../src/workflow/reading/fields.ts'
import { MALFORMED } from './malformed.ts'

const manual = readFileSync(new URL('../../../../docs/workflows.md', import.meta.url), 'utf8')
const refusals = new Set(MALFORMED.flatMap(({ issues }) => issues.map(({ code }) => code)))
const fields = Object.entries(FIELDS).filter(([name]) => !/[\]*]$/.test(name))

describe('docs/workflows.md', () => {
  it('begins with a workflow that can be planned', async () => {
    expect(await planWorkflow(/```yaml\n([\s\S]*?)```/.exec(manual)![1]!)).toMatchObject({ ok: true })
  })

  it.each([...refusals])('says why a workflow is refused with %s', (code) => {
    expect(manual).toContain(`| \`${code}\` |`)
  })

  it('names no code that does not exist', () => {
    const named = manual.match(/MILLRACE_[A-Z_]+/g)!
    expect(named.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([])
  })

  it.each(fields)('has a row for %s, with its default', (name, field) => {
    const row = manual.split('\n').find((line) => line.startsWith(`| \`${name.replace('jobs.*.', '')}\` |`))
    expect(row).toBeDefined()
    if ('default' in field && typeof field.default !== 'object')
      expect(row).toMatch(new RegExp(`\\| \`${field.default}\` \\|$`))
  })
})
