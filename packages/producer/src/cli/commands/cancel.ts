import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderSummary } from '../output/workflow.ts'
import type { Run } from '../session.ts'

export function addCancel(program: Command, run: Run): void {
  program
    .command('cancel')
    .description('end the rest of a workflow: open jobs never start, running handlers are told to stop')
    .argument('<id>', 'id of a workflow')
    .addHelpText('after', examples('millrace cancel nightly-2026-11-20'))
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const summary = await (await session.pool()).cancel(id)
        session.talk(
          summary.state === 'cancelled' ? `${id} is cancelled.` : `${id} had already ended: it is ${summary.state}.`,
        )
        session.answer(summary, (look) => renderSummary(summary, look))
        return EXIT.done
      }),
    )
}
