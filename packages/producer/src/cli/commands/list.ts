import type { Command } from 'commander'
import { readCount, type StateOption, stateOption } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderWorkflows } from '../output/workflow.ts'
import type { Run } from '../session.ts'

type Options = StateOption & { readonly name?: string; readonly limit: number }

export function addList(program: Command, run: Run): void {
  program
    .command('list')
    .description('list workflows, the newest first')
    .addOption(stateOption())
    .option('--name <name>', 'only workflows of this name')
    .option('--limit <count>', 'how many at most', readCount, 20)
    .addHelpText(
      'after',
      examples(
        'millrace list',
        'millrace list --state failed --name nightly --limit 5',
        "millrace list --json | jq -r '.[].id'",
      ),
    )
    .action(({ state, name, limit }: Options, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        const summaries = await pool.list({ limit, ...(state && { state }), ...(name !== undefined && { name }) })
        if (summaries.length === 0) {
          session.talk(
            state || name !== undefined
              ? 'No workflow matches.'
              : 'No workflows yet. Submit one: millrace enqueue <file>',
          )
        }
        session.answer(summaries, (look) => (summaries.length === 0 ? '' : renderWorkflows(summaries, look)))
        return EXIT.done
      }),
    )
}
