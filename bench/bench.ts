// npm run bench [-- <filter …>]: Millrace beside raw BullMQ.
import { join, relative } from 'node:path'
import { CASES } from './cases/index.ts'
import { showProfile } from './profile/print.ts'
import { createProfiling } from './profile/profiling.ts'
import type { Case } from './runner/case.ts'
import { type Ground, openGround } from './runner/ground.ts'
import { describeMachine } from './runner/machine.ts'
import { type BenchOptions, readOptions, USAGE } from './runner/options.ts'
import { outcomesOf, type RowOutcome } from './runner/outcome.ts'
import { type BenchReport, COLUMNS, writeReport } from './runner/report.ts'
import { runCase } from './runner/run-case.ts'
import { textTable } from './runner/table.ts'

/** For Chrome's developer tools; out of the repository. */
const PROFILES = join(import.meta.dirname, '../.millrace/profiles')

function fail(message: string, code: number): never {
  console.error(message)
  process.exit(code)
}

async function compare(cases: readonly Case[], ground: Ground, { runs, quick }: BenchOptions): Promise<BenchReport> {
  const machine = await describeMachine(ground.redis)
  const begunMs = performance.now()
  const rows: RowOutcome[] = []
  const failed: { case: string; error: string }[] = []
  for (const [index, one] of cases.entries()) {
    const say = (line: string) => {
      const minutes = ((performance.now() - begunMs) / 60_000).toFixed(1)
      console.error(`[${index + 1}/${cases.length}, ${minutes} min] ${line}`)
    }
    try {
      rows.push(...outcomesOf(one, await runCase(one, ground, { runs, quick, say })))
    } catch (error) {
      await ground.unlessClosing()
      failed.push({ case: one.name, error: (error as Error).message })
      console.error(`${one.name} failed: ${(error as Error).stack}`)
    }
  }
  return { machine, runs, quick, rows, failed }
}

async function profile(cases: readonly Case[], ground: Ground, { quick, json }: BenchOptions): Promise<number> {
  let failures = 0
  for (const one of cases) {
    console.error(`${one.name}: ours, with a profile`)
    await ground.clear()
    const profiling = createProfiling(ground.redis, join(PROFILES, one.name))
    try {
      const sample = await one.ours(ground.room({ quick, profiling }))
      if (json) console.log(JSON.stringify({ case: one.name, sample, profiles: profiling.found }))
      else for (const found of profiling.found) console.log(`${showProfile(one.name, found)}\n`)
    } catch (error) {
      failures++
      await ground.unlessClosing()
      console.error(`${one.name} failed: ${(error as Error).stack}`)
    }
  }
  console.error(`The profiles as files for Chrome's developer tools: ${relative(process.cwd(), PROFILES)}`)
  return failures > 0 ? 1 : 0
}

async function main(options: BenchOptions): Promise<number> {
  const { filters, list, quick, json, save } = options
  const cases = CASES.filter(({ name }) => filters.length === 0 || filters.some((filter) => name.includes(filter)))
  if (cases.length === 0) fail(`No benchmark has ${filters.join(' or ')} in its name; --list prints them.`, 2)
  if (list) {
    console.log(cases.map(({ name, measures }) => `${name}\n    ${measures}`).join('\n'))
    return 0
  }
  const ground = await openGround().catch((error: Error) => fail(error.message, 3))
  try {
    if (options.profile) return await profile(cases, ground, options)
    const report = await compare(cases, ground, options)
    console.log(json ? JSON.stringify(report, null, 2) : textTable(COLUMNS, report.rows))
    if (save !== undefined) {
      for (const file of writeReport(report, cases, save)) console.error(`Written: ${relative(process.cwd(), file)}`)
    }
    for (const { case: name, error } of report.failed) console.error(`${name} failed: ${error}`)
    if (quick && report.failed.length === 0)
      console.error('Quick: everything ran as it should. The figures mean little.')
    return report.failed.length > 0 ? 1 : 0
  } finally {
    await ground.close()
  }
}

const options = readOptions(process.argv.slice(2))
if ('help' in options) {
  console.log(USAGE)
  process.exit(0)
}
if ('problems' in options) fail(`${options.problems.join('\n')}\n\n${USAGE}`, 2)
process.exit(await main(options))
