import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { amounts } from '../output/amount.ts'
import { renderSummary } from '../output/workflow.ts'
import type { Run } from '../session.ts'

export function addRetry(program: Command, run: Run): void {
  program
    .command('retry')
    .description('run again what is dead, skipped or cancelled of a workflow, and nothing that succeeded')
    .argument('<id>', 'id of a workflow')
    .addHelpText('after', examples('millrace retry nightly-2026-11-20', 'millrace watch nightly-2026-11-20'))
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const retried = await (await session.pool()).retry(id)
        const { replayed, revived, summary } = retried
        const left = summary.jobs.dead > 0 ? `; ${summary.jobs.dead} stay dead: their letters were discarded` : ''
        const again = amounts([
          [replayed.length, 'dead'],
          [revived, 'cancelled'],
        ])
        session.talk(
          again.length === 0
            ? `${id} has nothing to run again${left}.`
            : `Of ${id} run again: ${again.join(', ')}${left}.`,
        )
        session.answer(retried, (look) => renderSummary(summary, look))
        return EXIT.done
      }),
    )
}
