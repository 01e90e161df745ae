import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderReasons } from '../output/reasons.ts'
import type { Run } from '../session.ts'

export function addWhy(program: Command, run: Run): void {
  program
    .command('why')
    .description('say why something does not run now: every reason, what lifts it, and when it is likely to begin')
    .argument('<name>', 'id of a workflow, a job as <workflow>.<job>, a dead letter, a queue, or a schedule')
    .addHelpText(
      'after',
      examples(
        'millrace why nightly-2026-11-20',
        'millrace why nightly-2026-11-20.publish',
        'millrace why mail',
        "millrace why nightly-2026-11-20.publish --json | jq -r '.reasons[].code'",
      ),
    )
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const reasons = await (await session.pool()).why.anything(name)
        session.answer(reasons, (look) => renderReasons(reasons, look))
        return EXIT.done
      }),
    )
}
