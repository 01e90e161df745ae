import { MillraceError } from '@millrace/shared'
import type { Command } from 'commander'
import { readCount } from '../arguments.ts'
import { addFilterOptions, type FilterOptions, filterOf } from '../dead-letter-filter.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderGroups } from '../output/dead-letter-groups.ts'
import { renderStory } from '../output/dead-letter-story.ts'
import { renderDeadLetters } from '../output/dead-letters.ts'
import type { Run } from '../session.ts'

/** `dlq stats`, `list` and `show`: they change nothing. */
export function addDlqLooks(dlq: Command, run: Run): void {
  addStats(dlq, run)
  addList(dlq, run)
  addShow(dlq, run)
}

function addStats(dlq: Command, run: Run): void {
  addFilterOptions(dlq.command('stats').description('group dead letters by what they died of, and say what to do'))
    .option('--limit <count>', 'how many groups at most', readCount, 20)
    .addHelpText(
      'after',
      examples(
        'millrace dlq stats',
        'millrace dlq stats --tenant acme --newer-than 1d',
        'millrace dlq stats --json | jq -r \'.[] | select(.advice.remedy == "replay").fingerprint\'',
      ),
    )
    .action((options: FilterOptions & { limit: number }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const all = await (await session.pool()).deadLetters.stats(filterOf(options))
        const groups = all.slice(0, options.limit)
        if (all.length === 0) session.talk('No dead letter matches.')
        session.answer(groups, (look) => (groups.length === 0 ? '' : renderGroups(groups, look)))
        const rest = all.slice(options.limit).reduce((sum, { letters }) => sum + letters, 0)
        if (rest > 0)
          session.talk(`${all.length - groups.length} smaller groups with ${rest} dead letters; raise --limit.`)
        return EXIT.done
      }),
    )
}

function addList(dlq: Command, run: Run): void {
  addFilterOptions(dlq.command('list').description('list dead letters, the newest first, a page at a time'))
    .option('--limit <count>', 'how many at most', readCount, 50)
    .option('--after <place>', 'go on after the letter with this `place`', readCount)
    .addHelpText(
      'after',
      examples(
        'millrace dlq list',
        'millrace dlq list --workflow nightly --older-than 1h',
        "millrace dlq list --text 'card expired' --limit 10",
        "millrace dlq list --task http.get --json | jq -r '.[].id'",
      ),
    )
    .action((options: FilterOptions & { limit: number; after?: number }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const { limit, after } = options
        const { letters, next } = await (await session.pool()).deadLetters.query(filterOf(options), { limit, after })
        if (letters.length === 0) session.talk('No dead letter matches.')
        session.answer(letters, (look) => (letters.length === 0 ? '' : renderDeadLetters(letters, look)))
        if (next !== undefined) session.talk(`There may be more: the same command with --after ${next}`)
        return EXIT.done
      }),
    )
}

function addShow(dlq: Command, run: Run): void {
  dlq
    .command('show')
    .description('show the whole story of one: its attempts, its input and needs, what waits for it')
    .argument('<id>', 'id of a dead letter')
    .addHelpText('after', examples('millrace dlq show default~nightly-2026-11-20.fetch'))
    .action((id: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const story = await (await session.pool()).deadLetters.get(id)
        if (!story) {
          const message = `There is no dead letter ${JSON.stringify(id)}; it may have been replayed or discarded. See: millrace dlq list`
          throw new MillraceError('MILLRACE_DEAD_LETTER_NOT_FOUND', message)
        }
        session.answer(story, (look) => renderStory(story, look))
        return EXIT.done
      }),
    )
}
