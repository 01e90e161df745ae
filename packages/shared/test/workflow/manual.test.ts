import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { ERRORS, planWorkflow } from '../../src/index.ts'
import { FIELDS } from '../../src/workflow/reading/fields.ts'
import { MALFORMED } from './malformed.ts'

const manual = readFileSync(new URL('../../../../docs/workflows.md', import.meta.url), 'utf8')
const rows = manual.split('\n').flatMap((line) => (line.startsWith('| `') ? [line.split(/\s*\|\s*/).slice(1, -1)] : []))
const rowOf = (name: string) => rows.find(([first]) => first === `\`${name}\``)
const refusals = new Set(MALFORMED.flatMap(({ issues }) => issues.map(({ code }) => code)))
const fields = Object.entries(FIELDS).filter(([name]) => !/[\]*]$/.test(name))

describe('docs/workflows.md', () => {
  it('begins with a workflow that can be planned', async () => {
    expect(await planWorkflow(/```yaml\n([\s\S]*?)```/.exec(manual)![1]!)).toMatchObject({ ok: true })
  })

  it.each([...refusals])('says why a workflow is refused with %s', (code) => {
    expect(rowOf(code)?.[1]).toBeTruthy()
  })

  it('names no code that does not exist', () => {
    const named = manual.match(/MILLRACE_[A-Z_]+/g)!
    expect(named.filter((code) => !Object.hasOwn(ERRORS, code))).toEqual([])
  })

  it.each(fields)('has a row for %s, with its default', (name, field) => {
    const row = rowOf(name.replace('jobs.*.', ''))
    expect(row?.[1]).toBeTruthy()
    if ('default' in field && typeof field.default !== 'object') expect(row?.[2]).toBe(`\`${field.default}\``)
  })
})
