import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { WorkflowSummary } from '@millrace/shared'
import { followProgress } from './progress.ts'
import type { Stage } from './stage.ts'

const WORKFLOW = resolve(import.meta.dirname, '../census.workflow.yaml')
const CLI = resolve(import.meta.dirname, '../../../packages/producer/bin/millrace.js')

/** How the demo ended. `report` is the folder of the report. */
export interface DemoOutcome {
  readonly ok: boolean
  readonly report: string
  readonly summary: WorkflowSummary
  /** Of a broken run: whether the report after the replay is the one of an undisturbed run. */
  readonly same?: boolean
}

async function submitAndFollow(stage: Stage, out: string, inputs: Record<string, string | number | null> = {}) {
  mkdirSync(out, { recursive: true })
  const { id } = await stage.producer.submit(readFileSync(WORKFLOW, 'utf8'), {
    inputs: { folder: stage.folder, out, ...inputs },
  })
  return { id, summary: await followProgress(stage.producer, id) }
}

/** Runs the census once. */
export async function runOnce(stage: Stage): Promise<DemoOutcome> {
  const { summary } = await submitAndFollow(stage, stage.out)
  return { ok: summary.state === 'succeeded', report: stage.out, summary }
}

/**
 * Runs the census with one chunk that fails for good, shows what an operator sees, mends the cause and replays; then runs
 * it undisturbed, and compares the reports.
 */
export async function runBroken(stage: Stage): Promise<DemoOutcome> {
  const broken = join(stage.out, 'disk-is-sick')
  writeFileSync(broken, '')
  console.log('One chunk fails for good: its disk is sick.\n')
  const first = await submitAndFollow(stage, stage.out, { broken })
  if (first.summary.state !== 'failed') return { ok: false, report: stage.out, summary: first.summary }
  console.log(
    `\nThe workflow failed: ${first.summary.jobs.dead} dead, ${first.summary.jobs.skipped} skipped. What an operator sees:\n`,
  )
  millrace(stage, ['status', first.id])
  millrace(stage, ['dlq', 'list'])

  console.log('The cause is mended (the disk is replaced), and the dead letter replayed:\n')
  rmSync(broken)
  const following = followProgress(stage.producer, first.id, { after: first.summary })
  millrace(stage, ['dlq', 'replay', '--workflow', first.id])
  const summary = await following

  console.log('\nThe same census undisturbed, to compare:\n')
  const plain = join(stage.out, 'undisturbed')
  await submitAndFollow(stage, plain)
  const same = report(stage.out) === report(plain)
  return { ok: summary.state === 'succeeded' && same, report: stage.out, summary, same }
}

const report = (folder: string) => {
  const file = join(folder, 'report.json')
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined
}

/** Runs the real command, as an operator would type it. */
function millrace(stage: Stage, args: string[]): void {
  console.log(`  $ npx millrace ${args.join(' ')}`)
  execFileSync(process.execPath, [CLI, ...args], {
    stdio: 'inherit',
    env: { ...process.env, REDIS_URL: stage.url, MILLRACE_NAMESPACE: stage.namespace },
  })
  console.log()
}
