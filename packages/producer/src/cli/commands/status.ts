import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { noWorkflow } from '../outcome.ts'
import { renderWorkflow } from '../output/workflow.ts'
import type { Run } from '../session.ts'

export function addStatus(program: Command, run: Run): void {
  program
    .command('status')
    .description('show a workflow and its jobs as they are now')
    .argument('<id>', 'id of a workflow, as `enqueue` and `list` print it')
    .addHelpText(
      'after',
      examples(
        'millrace status nightly-2026-11-20',
        'millrace status nightly-2026-11-20 --json | jq -r \'.jobList[] | select(.state == "dead") | .name\'',
      ),
    )
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const view = await (await session.pool()).get(id)
        if (!view) throw noWorkflow(id)
        session.answer(view, (look) => renderWorkflow(view, look))
        return EXIT.done
      }),
    )
}
