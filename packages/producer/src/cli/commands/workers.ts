import type { Command } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderWorkers } from '../output/workers.ts'
import type { Run } from '../session.ts'

export function addWorkers(program: Command, run: Run): void {
  program
    .command('workers')
    .description('list the workers of the pool with their slots, load and health')
    .addHelpText(
      'after',
      examples('millrace workers', "millrace workers --json | jq -r '.[] | select(.unhealthy != []) | .name'"),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const workers = await (await session.pool()).workers.list()
        if (workers.length === 0) session.talk('No workers. Start one: millrace-worker --tasks <folder>')
        session.answer(workers, (look) => (workers.length === 0 ? '' : renderWorkers(workers, look)))
        return EXIT.done
      }),
    )
}
