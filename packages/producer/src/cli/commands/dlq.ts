import type { Command } from 'commander'
import { examples } from '../help.ts'
import type { Run } from '../session.ts'
import { addEdit } from './dlq-edit.ts'
import { addDlqLooks } from './dlq-look.ts'
import { addReplay } from './dlq-replay.ts'
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
  addEdit(dlq, run)
  addDlqStock(dlq, run)
}
