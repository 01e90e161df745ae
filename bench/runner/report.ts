import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Case } from './case.ts'
import type { Machine } from './machine.ts'
import { type RowOutcome, showFigure } from './outcome.ts'
import { type Column, markdownTable } from './table.ts'

const RESULTS = join(import.meta.dirname, '../results')

/** All that a run of the benchmarks found. */
export interface BenchReport {
  readonly machine: Machine
  readonly runs: number
  readonly quick: boolean
  readonly rows: readonly RowOutcome[]
  readonly failed: readonly { readonly case: string; readonly error: string }[]
}

const HOLDS = { true: 'yes', false: 'NO', undefined: '' } as const

export const COLUMNS: Column<RowOutcome>[] = [
  { title: 'what', cell: ({ what }) => what },
  { title: 'unit', cell: ({ unit }) => unit },
  { title: 'Millrace', cell: ({ ours, unit }) => showFigure(ours, unit), align: 'right' },
  { title: 'BullMQ', cell: ({ raw, unit }) => showFigure(raw, unit), align: 'right' },
  { title: 'ratio', cell: ({ ratio }) => showFigure(ratio, '×'), align: 'right' },
  {
    title: 'from–to',
    cell: ({ ratios }) => `${ratios.lowest.toFixed(2)}–${ratios.highest.toFixed(2)}`,
    align: 'right',
  },
  { title: 'target', cell: ({ target }) => target },
  { title: 'holds', cell: ({ holds }) => HOLDS[`${holds}`] },
]

/** Writes a report as JSON and as a page, and gives the paths. */
export function writeReport(
  report: BenchReport,
  cases: readonly Case[],
  description: string,
  folder = RESULTS,
): string[] {
  const slug = description
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
  const name = `${report.machine.at.slice(0, 10)}-${slug}`
  mkdirSync(folder, { recursive: true })
  const files = [join(folder, `${name}.json`), join(folder, `${name}.md`)] as const
  writeFileSync(files[0], `${JSON.stringify(report, null, 2)}\n`)
  writeFileSync(files[1], page(report, cases, description))
  return [...files]
}

function page(
  { machine, runs, quick, rows, failed }: BenchReport,
  cases: readonly Case[],
  description: string,
): string {
  const { at, commit, node, bullmq, ioredis, redis, os, cpu, cores, memoryGiB, loadBefore } = machine
  const kind = quick ? ' Quick: small sizes, to see that everything works; the figures mean little.' : ''
  return `# ${description}

Written by \`npm run bench\` at ${at}, commit ${commit}.${kind}

BullMQ ${bullmq}, ioredis ${ioredis}, Node ${node}, Redis ${redis} without persistence; ${os}, ${cores} cores of
${cpu}, ${memoryGiB} GiB, load ${loadBefore} before the first run.

Medians of ${runs} interleaved ${runs === 1 ? 'run' : 'runs'}; the ratio is the median of the ratios of neighbouring runs. [Method](../README.md).

${markdownTable(COLUMNS, rows)}
${failed.map(({ case: name, error }) => `\n**${name} failed:** ${error}\n`).join('')}
## What was measured

${cases.map(({ name, measures }) => `- **${name}**: ${measures}`).join('\n')}
`
}
