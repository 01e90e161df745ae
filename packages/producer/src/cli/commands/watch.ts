import type { Command } from 'commander'
import { examples } from '../help.ts'
import { conclude, interrupted, noWorkflow } from '../outcome.ts'
import { documents } from '../progress/documents.ts'
import { follow, progressFor } from '../progress/follow.ts'
import type { Run } from '../session.ts'

export function addWatch(program: Command, run: Run): void {
  program
    .command('watch')
    .description('show what changes in a workflow until it has ended or is held; exit 1 when it did not succeed')
    .argument('<id>', 'id of a workflow')
    .addHelpText(
      'after',
      examples(
        'millrace watch nightly-2026-11-20',
        'millrace watch nightly-2026-11-20 --json | jq -c \'select(.state == "dead")\'',
      ),
    )
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        const signal = session.interruption()
        const presenter = session.json ? documents(session.out) : progressFor(session.out)
        const summary = await follow(pool, id, presenter, signal)
        if (signal.aborted) return interrupted(session, id)
        if (!summary) throw noWorkflow(id)
        return await conclude(session, pool, summary)
      }),
    )
}
