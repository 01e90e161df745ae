import { readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Summary } from '../census/summary.ts'
import { showBytes, showCount } from '../report/units.ts'
import type { DemoOutcome } from './run.ts'

export function showSteps(folder: string, broken: boolean): void {
  console.log(`\nA census of ${folder}${broken ? ', with a failure on the way' : ''}, on two worker processes:`)
  console.log('scan → measure (one job per 100 files) → languages, duplicates, largest → report\n')
}

/** The result as a small table, and where the report lies. */
export async function showOutcome({ ok, summary, report, same }: DemoOutcome): Promise<void> {
  if (summary.state !== 'succeeded') {
    console.error(`\nThe workflow ended as ${summary.state}; the workers' log is ${join(report, 'workers.log')}`)
    return
  }
  const page = join(report, 'report.html')
  const counted = JSON.parse(await readFile(join(report, 'report.json'), 'utf8')) as Summary
  const rows = [
    ['files', showCount(counted.files)],
    ['lines', showCount(counted.lines)],
    ['size', showBytes(counted.bytes)],
    [
      'languages',
      counted.languages
        .slice(0, 4)
        .map(({ language }) => language)
        .join(', ') || 'none',
    ],
    ['duplicates', `${showCount(counted.duplicates.groups)} groups, ${showBytes(counted.duplicates.wasted)} wasted`],
    ['jobs', `${showCount(summary.jobs.total)} in ${((summary.finishedAt ?? 0) - summary.submittedAt) / 1_000} s`],
  ]
  console.log()
  for (const [label = '', value] of rows) console.log(`  ${label.padEnd(11)} ${value}`)
  if (same !== undefined) {
    console.log(
      `\n  ${same ? '✓ The report is the one of an undisturbed run.' : '✗ The report differs from that of an undisturbed run.'}`,
    )
  }
  console.log(
    `\n  Report: ${relative(process.env['INIT_CWD'] ?? process.cwd(), page) || page}\n          ${pathToFileURL(page)}\n`,
  )
  if (!ok) console.error('The demo did not end as it should.')
}
