// npm run demo [-- <folder>] [--break]: runs the census on two worker processes and shows what happens.
import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { showOutcome, showSteps } from './demo/print.ts'
import { runBroken, runOnce } from './demo/run.ts'
import { openStage } from './demo/stage.ts'

const USAGE = `Usage: npm run demo [-- <folder>] [--break]

  <folder>   what to count; default: this repository
  --break    let one chunk fail for good, then replay it as an operator would`

function readArguments(): { folder: string; broken: boolean } {
  try {
    const { values, positionals } = parseArgs({
      options: { break: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
      allowPositionals: true,
    })
    if (values.help) {
      console.log(USAGE)
      process.exit(0)
    }
    if (positionals.length > 1)
      throw new Error(`expected one folder, received ${positionals.length}: ${positionals.join(', ')}`)
    const root = resolve(import.meta.dirname, '../..')
    const from = process.env['INIT_CWD'] ?? process.cwd()
    return { folder: positionals[0] === undefined ? root : resolve(from, positionals[0]), broken: values.break }
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${USAGE}`)
    process.exit(2)
  }
}

const { folder, broken } = readArguments()
const stage = await openStage(folder)
process.on('SIGINT', () => stage.close().then(() => process.exit(130)))
process.on('SIGTERM', () => stage.close().then(() => process.exit(143)))
let code = 1
try {
  showSteps(folder, broken)
  const outcome = broken ? await runBroken(stage) : await runOnce(stage)
  await showOutcome(outcome)
  code = outcome.ok ? 0 : 1
} catch (error) {
  console.error(`The demo stopped: ${(error as Error).message}`)
} finally {
  await stage.close()
}
process.exit(code)
