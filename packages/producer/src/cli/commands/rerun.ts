import type { Command } from 'commander'
import type { RerunReport } from '../../contract.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { amount } from '../output/amount.ts'
import { oneLine } from '../output/printable.ts'
import type { Run } from '../session.ts'

interface RerunFlags {
  readonly from: string
  readonly id?: string
  readonly dryRun?: boolean
}

export function addRerun(program: Command, run: Run): void {
  program
    .command('rerun')
    .description('run a job and everything that depends on it again, as a new workflow that keeps the other outputs')
    .argument('<workflow>', 'id of a workflow that has ended')
    .requiredOption('--from <job>', 'the job to begin with')
    .option('--id <id>', 'of the new workflow; repeating it is the same rerun')
    .option('--dry-run', 'say what would run and what would be kept, and do nothing')
    .addHelpText(
      'after',
      examples(
        'millrace rerun nightly-2026-11-20 --from totals --dry-run',
        'millrace rerun nightly-2026-11-20 --from totals --id nightly-2026-11-20-again',
      ),
    )
    .action((workflow: string, { from, id, dryRun }: RerunFlags, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        const report = await pool.rerun(workflow, {
          from,
          ...(id !== undefined && { newId: id }),
          ...(dryRun && { dryRun }),
        })
        session.talk(wordsFor(report))
        session.answer(report, () => report.id ?? report.again.join('\n'))
        return EXIT.done
      }),
    )
}

function wordsFor({ id, created, of, again, carried, left }: RerunReport): string {
  if (id !== undefined && !created) return `The rerun ${id} had been submitted before; nothing was added.`
  const jobs = `${amount(again.length, 'job')} of ${of}`
  const kept =
    carried.length === 1 ? 'the output of 1 other is kept' : `the outputs of ${carried.length} others are kept`
  const lost = left.map(({ name, state }) => `${oneLine(name)} (${state})`).join(', ')
  return [
    id === undefined
      ? `${jobs} would run again; ${kept}.`
      : `${jobs} ${again.length === 1 ? 'runs' : 'run'} again; ${kept}.`,
    left.length > 0 && `No part of it: ${lost}.`,
    id !== undefined && `Follow it: millrace watch ${id}`,
  ]
    .filter(Boolean)
    .join('\n')
}
