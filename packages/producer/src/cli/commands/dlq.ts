import { MillraceError } from '@millrace/shared'
import type { Command } from 'commander'
import { readCount } from '../arguments.ts'
import { confirm } from '../confirm.ts'
import { addFilterOptions, type FilterOptions, filterOf, whichOf } from '../dead-letter-filter.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderDeadLetter, renderDeadLetters } from '../output/dead-letters.ts'
import { oneLine } from '../output/printable.ts'
import type { Run } from '../session.ts'

export function addDlq(program: Command, run: Run): void {
  const dlq = program
    .command('dlq')
    .description('look at the jobs that failed for good, replay or discard them')
    .addHelpText(
      'after',
      examples('millrace dlq list --newer-than 1d', 'millrace dlq replay --code MILLRACE_TASK_TIMEOUT'),
    )
  addList(dlq, run)
  addShow(dlq, run)
  addReplay(dlq, run)
  addDiscard(dlq, run)
}

function addList(dlq: Command, run: Run): void {
  addFilterOptions(dlq.command('list').description('list dead letters, the newest first'))
    .option('--limit <count>', 'how many at most', readCount, 50)
    .addHelpText(
      'after',
      examples(
        'millrace dlq list',
        'millrace dlq list --workflow nightly --older-than 1h',
        "millrace dlq list --task http.get --json | jq -r '.[].id'",
      ),
    )
    .action((options: FilterOptions & { limit: number }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        const found = await pool.deadLetters.list(filterOf(options), { limit: options.limit + 1 })
        const letters = found.slice(0, options.limit)
        if (found.length === 0) session.talk('No dead letter matches.')
        session.answer(letters, (look) => (letters.length === 0 ? '' : renderDeadLetters(letters, look)))
        if (found.length > letters.length)
          session.talk(`There are more than ${options.limit}; raise --limit to see them.`)
        return EXIT.done
      }),
    )
}

function addShow(dlq: Command, run: Run): void {
  dlq
    .command('show')
    .description('show all that is known of one dead letter: its error, input and stack')
    .argument('<id>', 'id of a dead letter')
    .addHelpText('after', examples('millrace dlq show default~nightly-2026-11-20.fetch'))
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const letter = await (await session.pool()).deadLetters.get(id)
        if (!letter) {
          const message = `There is no dead letter ${JSON.stringify(id)}; it may have been replayed or discarded. See: millrace dlq list`
          throw new MillraceError('MILLRACE_DEAD_LETTER_NOT_FOUND', message)
        }
        session.answer(letter, (look) => renderDeadLetter(letter, look))
        return EXIT.done
      }),
    )
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

function addDiscard(dlq: Command, run: Run): void {
  addFilterOptions(
    dlq
      .command('discard')
      .description('delete dead letters; their jobs can never be replayed')
      .argument('[id...]', 'ids of dead letters, or filters, or --all'),
  )
    .option('--all', 'every dead letter of the pool')
    .option('--yes', 'do not ask; needed where nobody can answer')
    .addHelpText(
      'after',
      examples('millrace dlq discard default~nightly-2026-11-20.fetch', 'millrace dlq discard --older-than 30d --yes'),
    )
    .action((ids: string[], options: FilterOptions & { all?: boolean; yes?: boolean }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const which = whichOf(ids, options)
        const { deadLetters } = await session.pool()
        // what is counted in the question is what is discarded, whatever fails meanwhile
        const chosen =
          'ids' in which ? which.ids : (await deadLetters.list(which.filter, { limit: Infinity })).map(({ id }) => id)
        const count = `${chosen.length} dead ${chosen.length === 1 ? 'letter' : 'letters'}`
        if (
          chosen.length > 0 &&
          !options.yes &&
          !(await confirm(`Discard ${count}? Their jobs can never be replayed.`, session))
        ) {
          session.talk('Nothing was discarded.')
          return EXIT.refused
        }
        const report = await deadLetters.discard({ ids: chosen })
        for (const id of report.gone)
          session.talk(`${oneLine(id)}: there is no such dead letter; it may be gone already.`)
        session.talk(`${report.discarded.length} discarded.`)
        session.answer(report, () => report.discarded.map(oneLine).join('\n'))
        return EXIT.done
      }),
    )
}
