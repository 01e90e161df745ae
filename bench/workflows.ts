// npm run bench:workflows -- <WfFormat files>: runs the traces of real workflows and holds them against their bound.
import { readFileSync } from 'node:fs'
import { basename, resolve } from 'node:path'
import { openGround } from './runner/ground.ts'
import { type Column, textTable } from './runner/table.ts'
import { boundOf, scaleTo } from './traces/bound.ts'
import { readOptions, USAGE, type WorkflowsOptions } from './traces/options.ts'
import { type Replayed, replayTrace } from './traces/replay.ts'
import type { Trace } from './traces/trace.ts'
import { readTrace } from './traces/wfformat.ts'

/** What the lower bound is scaled to unless a scale is given, in seconds. */
const BOUND_SECONDS = 20

interface Input {
  readonly file: string
  readonly trace: Trace
}

interface Row extends Replayed {
  readonly file: string
}

const fixed = (digits: number, pick: (row: Row) => number) => (row: Row) => pick(row).toFixed(digits)
const COLUMNS: Column<Row>[] = [
  { title: 'trace', cell: ({ file }) => basename(file) },
  { title: 'jobs', cell: fixed(0, ({ jobs }) => jobs), align: 'right' },
  { title: 'edges', cell: fixed(0, ({ edges }) => edges), align: 'right' },
  { title: 'makespan s', cell: fixed(3, ({ makespan }) => makespan), align: 'right' },
  { title: 'bound s', cell: fixed(3, ({ bound }) => bound.lowerBound), align: 'right' },
  { title: 'ratio', cell: fixed(4, ({ ratio }) => ratio), align: 'right' },
  { title: 'floor s', cell: fixed(3, ({ bound }) => bound.floor), align: 'right' },
  { title: 'to floor', cell: fixed(4, ({ floorRatio }) => floorRatio), align: 'right' },
  { title: 'run twice', cell: fixed(0, ({ twice }) => twice.length), align: 'right' },
  { title: 'too early', cell: fixed(0, ({ early }) => early.length), align: 'right' },
]

function fail(message: string, code: number): never {
  console.error(message)
  process.exit(code)
}

/** Reads every file before anything runs; all that is wrong with any of them is said at once. */
function readInputs(files: readonly string[]): Input[] {
  const from = process.env['INIT_CWD'] ?? process.cwd()
  const problems: string[] = []
  const inputs = files.flatMap((file) => {
    let text: string
    try {
      text = readFileSync(resolve(from, file), 'utf8')
    } catch (error) {
      problems.push(`${file}: ${(error as Error).message}`)
      return []
    }
    const reading = readTrace(text)
    if (reading.ok) return [{ file, trace: reading.trace }]
    problems.push(...reading.problems.map((problem) => `${file}: ${problem}`))
    return []
  })
  if (problems.length > 0)
    fail(`These files cannot be run; expected WfFormat 1.5:\n${problems.map((p) => `  ${p}`).join('\n')}`, 2)
  return inputs
}

async function run(
  inputs: readonly Input[],
  { workers, slots, scale, policy, json }: WorkflowsOptions,
): Promise<number> {
  const ground = await openGround().catch((error: Error) => fail(error.message, 3))
  const rows: Row[] = []
  const failed: { file: string; error: string }[] = []
  try {
    for (const { file, trace } of inputs) {
      const bound = boundOf(trace, slots)
      const by = scale ?? scaleTo(BOUND_SECONDS, bound)
      console.error(
        `${file}: ${trace.jobs.length} jobs × ${by.toPrecision(4)} on ${workers} workers with ${slots} slots, ${policy}; ` +
          `about ${(bound.lowerBound * by).toFixed(0)} s`,
      )
      await ground.clear()
      try {
        rows.push({ file, ...(await replayTrace(ground.room(), trace, { workers, slots, scale: by, policy })) })
      } catch (error) {
        await ground.unlessClosing()
        failed.push({ file, error: (error as Error).message })
      }
    }
  } finally {
    await ground.close()
  }
  for (const { file, error } of failed) console.error(`${file}: ${error}`)
  if (json) console.log(JSON.stringify({ workers, slots, policy, traces: rows, failed }, null, 2))
  else if (rows.length > 0) console.log(textTable(COLUMNS, rows))
  for (const { file, twice, early } of json ? [] : rows) {
    for (const job of twice) console.error(`${file}: ${job} ran twice`)
    for (const job of early) console.error(`${file}: ${job} was complete`)
  }
  return failed.length > 0 || rows.some(({ twice, early, missing }) => twice.length + early.length + missing.length > 0)
    ? 1
    : 0
}

const options = readOptions(process.argv.slice(2))
if ('help' in options) {
  console.log(USAGE)
  process.exit(0)
}
if ('problems' in options) fail(`${options.problems.join('\n')}\n\n${USAGE}`, 2)
process.exit(await run(readInputs(options.files), options))
