import { existsSync, globSync } from 'node:fs'
import { basename, join } from 'node:path'
import { SERIES } from '@millrace/shared'
import { describe, expect, it } from 'vitest'
import { documents, type Manifest, ROOT, read } from '../containers/manifests.ts'
import { alerts, pageOf, RULES, withoutComparisons } from './alerts.ts'
import { namesIn, seriesIn } from './names.ts'
import { noPrometheus, promtool } from './promtool.ts'

const named = alerts.map((alert) => [alert.alert, alert] as const)
const tests = globSync('prometheus/tests/*.yml', { cwd: ROOT }).toSorted()
const cases = (file: string): Manifest[] =>
  documents(file).flatMap(({ tests }) => tests.flatMap(({ alert_rule_test }: Manifest) => alert_rule_test))

if (noPrometheus) console.warn(`The tests of alerts by promtool are skipped: ${noPrometheus}`)

describe('the rules', () => {
  it('name only series that exist', () => {
    const known = namesIn(Object.values(SERIES))
    expect(seriesIn(read(RULES)).filter((name) => !known.has(name))).toEqual([])
  })

  it('have names of their own', () => {
    expect(new Set(named.map(([name]) => name)).size).toBe(alerts.length)
    expect(alerts.length).toBeGreaterThanOrEqual(10)
  })

  it.skipIf(noPrometheus).each(['rules prometheus/rules/millrace.yml', 'config prometheus/prometheus.yml'])(
    'can be loaded: promtool check %s',
    (what) => {
      const { ok, said } = promtool('check', ...what.split(' '))
      expect(ok, said).toBe(true)
    },
  )
})

describe('an alert', () => {
  it.each(named)('%s says how bad it is, what is wrong, and where to read on', (_name, alert) => {
    expect(['critical', 'warning']).toContain(alert.labels.severity)
    expect(Object.keys(alert.annotations).toSorted()).toEqual(['description', 'runbook', 'summary'])
    expect(alert.annotations['description']).toMatch(/\.$/)
    expect(existsSync(join(ROOT, alert.annotations['runbook'] as string))).toBe(true)
    expect(read(alert.annotations['runbook'] as string)).toMatch(new RegExp(`^# ${alert.alert}\n`))
  })

  it.each(named)('%s is in the list of runbooks, with its severity and its patience', (name, alert) => {
    const row = read('docs/runbooks/README.md')
      .split('\n')
      .find((line) => line.startsWith(`| [${name}](${pageOf(alert)}.md) | ${alert.labels.severity} |`))
    expect(row).toMatch(
      alert.for ? new RegExp(`, for ${Number.parseInt(alert.for, 10)} min \\|$`) : /within the last 15 min \|$/,
    )
  })

  it.each(named)('%s has a test in which it fires, and one in which it does not', (name, alert) => {
    const of = cases(`prometheus/tests/${pageOf(alert)}.yml`)
    expect(of.filter(({ alertname }) => alertname !== name)).toEqual([])
    expect(of.some(({ exp_alerts }) => exp_alerts.length > 0)).toBe(true)
    expect(of.some(({ exp_alerts }) => exp_alerts.length === 0)).toBe(true)
  })

  it.skipIf(noPrometheus).each(tests)('passes %s', (file) => {
    const { ok, said } = promtool('test', 'rules', file)
    expect(ok, said).toBe(true)
  })

  it('is looked at without what it is compared with', () => {
    expect(withoutComparisons('sum(a) / sum(b > 0) < 0.9 and sum(c) >= 10 or d == -1')).toBe(
      'sum(a) / sum(b) and sum(c) or d',
    )
    expect(withoutComparisons('rate(a{b!="1"}[5m]) > bool 0')).toBe('rate(a{b!="1"}[5m]) > bool 0')
  })
})

describe('a runbook', () => {
  it('belongs to an alert, and so does a test', () => {
    const pages = alerts.map(pageOf).toSorted()
    const found = globSync('docs/runbooks/*.md', { cwd: ROOT }).map((file) => basename(file, '.md'))
    expect(found.filter((page) => page !== 'README').toSorted()).toEqual(pages)
    expect(tests.map((file) => basename(file, '.yml'))).toEqual(pages)
  })

  it.each(alerts.map(pageOf))('%s goes from what one sees to how one knows that it is over', (page) => {
    const headings = [...read(`docs/runbooks/${page}.md`).matchAll(/^## (.*)$/gm)].map(([, heading]) => heading)
    expect(headings).toEqual(['Symptoms', 'Likely causes', 'Look', 'Mend', 'Verify'])
  })
})
