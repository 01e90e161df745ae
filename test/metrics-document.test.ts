import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { SERIES, type Series } from '@millrace/shared'
import { describe, expect, it } from 'vitest'

const document = readFileSync(join(resolve(import.meta.dirname, '..'), 'docs/metrics.md'), 'utf8')
const series: readonly Series[] = Object.values(SERIES)

/** A series as its row in the manual. */
const rowOf = ({ name, kind, labels, help }: Series) =>
  `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help.replaceAll('<', '\\<')} |`

describe('docs/metrics.md', () => {
  it.each(series.map((one) => [one.name, one] as const))('has the row of %s', (_, one) => {
    expect(document).toContain(`\n${rowOf(one)}\n`)
  })

  it('has no row of a series that does not exist', () => {
    const rows = [...document.matchAll(/^\| `(millrace_\w+)` \|/gm)].map((match) => match[1])
    expect(rows.toSorted()).toEqual(series.map(({ name }) => name).toSorted())
  })

  it('names no series that does not exist', () => {
    const named = new Set(document.match(/\bmillrace_[a-z_]+/g))
    expect([...named].filter((name) => !series.some((one) => one.name === name))).toEqual([])
  })
})

describe('a series', () => {
  /** Base units, what is counted, and what has no unit. */
  const UNIT =
    /_(?:seconds|bytes|ratio|total|info|state|jobs|slots|workers|workflows|letters|depth|capacity|paused|up|unhealthy|active|delayed|needs|worker)$/

  it.each(series)('$name is named by its base unit, and `_total` only when it counts', ({ name, kind }) => {
    expect(name).toMatch(/^millrace_[a-z_]+$/)
    expect(name).toMatch(UNIT)
    expect(name.endsWith('_total')).toBe(kind === 'counter')
  })

  it.each(series)('$name has labels of few values', ({ labels }) => {
    const known = ['task', 'queue', 'level', 'resource', 'outcome', 'reason', 'kind', 'version']
    expect(labels.filter((label) => !known.includes(label))).toEqual([])
  })

  it('exists once', () => {
    const names = series.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
  })
})
