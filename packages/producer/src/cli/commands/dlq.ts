import type { Command } from 'commander'
import { addFilterOptions, type FilterOptions, whichOf } from '../dead-letter-filter.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { oneLine } from '../output/printable.ts'
import type { Run } from '../session.ts'
import { addDlqLooks } from './dlq-look.ts'
import { addDlqStock } from './dlq-stock.ts'

export function addDlq(program: Command, run: Run): void {
  const dlq = program
    .command('dlq')
    .description('look at the jobs that failed for good, replay or discard them')
    .addHelpText(
      'after',
      examples(
        'millrace dlq stats',
        'millrace dlq list --newer-than 1d',
        'millrace dlq replay --code MILLRACE_TASK_TIMEOUT',
      ),
    )
  addDlqLooks(dlq, run)
  addReplay(dlq, run)
  addDlqStock(dlq, run)
}

function addReplay(dlq: Command, run: Run): void {
  addFilterOptions(
    dlq
      .command('replay')
      .description('send jobs back to their own queues with fresh attempts')
      .argument('[id...]', 'ids of dead letters, or filters, or --all'),
  )
    .option('--all', 'every dead letter of the pool')
    .addHelpText(
      'after',
      examples(
        'millrace dlq replay default~nightly-2026-11-20.fetch',
        'millrace dlq replay --workflow nightly-2026-11-20',
        'millrace dlq replay --code MILLRACE_TASK_TIMEOUT --newer-than 1h',
        'millrace dlq replay --all',
      ),
    )
    .action((ids: string[], options: FilterOptions & { all?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const which = whichOf(ids, options)
        const report = await (await session.pool()).deadLetters.replay(which)
        const { replayed, gone, refused } = report
        for (const id of gone)
          session.talk(`${oneLine(id)}: there is no such dead letter; it may have been replayed already.`)
        for (const { id, reason } of refused) session.talk(`${oneLine(id)}: not replayed, ${reason}.`)
        session.talk(`${replayed.length} replayed.`)
        session.answer(report, () => replayed.map(oneLine).join('\n'))
        return refused.length > 0 ? EXIT.refused : EXIT.done
      }),
    )
}
