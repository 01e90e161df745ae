import type { AuditFilter } from '@millrace/shared'
import type { Command } from 'commander'
import { readCount, readDuration } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderAudit } from '../output/audit.ts'
import type { Run } from '../session.ts'

interface FilterFlags {
  readonly by?: string
  readonly action?: string
  readonly since?: number
}

export function addAudit(program: Command, run: Run): void {
  const audit = program
    .command('audit')
    .description('look at what operators did')
    .addHelpText('after', examples('millrace audit list --since 1d', 'millrace audit export > audit.ndjson'))
  withFilter(audit.command('list').description('list what was done, the newest first'))
    .option('--limit <count>', 'how many at most', readCount, 50)
    .addHelpText('after', examples('millrace audit list', 'millrace audit list --by ann --action replay --since 1d'))
    .action((flags: FilterFlags & { limit: number }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const records = await (await session.pool()).audit.list(filterOf(flags), flags.limit)
        if (records.length === 0) session.talk('No entry matches.')
        session.answer(records, (look) => (records.length === 0 ? '' : renderAudit(records, look)))
        return EXIT.done
      }),
    )
  withFilter(audit.command('export').description('print what was done as NDJSON, the newest first'))
    .addHelpText('after', examples('millrace audit export --since 30d > audit.ndjson'))
    .action((flags: FilterFlags, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        for await (const record of (await session.pool()).audit.scan(filterOf(flags))) {
          session.out.write(`${JSON.stringify(record)}\n`)
        }
        return EXIT.done
      }),
    )
}

const withFilter = (command: Command): Command =>
  command
    .option('--by <actor>', 'only what this actor did')
    .option('--action <action>', 'only this, e.g. enqueue, cancel, replay, discard, pause')
    .option('--since <duration>', 'only what was done within this time, e.g. 1d', readDuration)

const filterOf = ({ by, action, since }: FilterFlags): AuditFilter => ({
  ...(by !== undefined && { actor: by }),
  ...(action !== undefined && { action }),
  ...(since !== undefined && { newerThanMs: since }),
})
