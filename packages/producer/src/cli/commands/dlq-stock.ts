import { createReadStream } from 'node:fs'
import { createInterface } from 'node:readline'
import { DEFAULT_RETENTION, MillraceError } from '@millrace/shared'
import type { Command } from 'commander'
import type { Producer } from '../../contract.ts'
import { readCount, readDuration } from '../arguments.ts'
import { confirm } from '../confirm.ts'
import { addFilterOptions, type FilterOptions, filterOf, whichOf } from '../dead-letter-filter.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { amount } from '../output/amount.ts'
import { oneLine } from '../output/printable.ts'
import { renderRetention } from '../output/retention.ts'
import { durationText } from '../output/time.ts'
import type { Run } from '../session.ts'

/** `dlq export`, `import`, `discard` and `retention`: which letters there are. */
export function addDlqStock(dlq: Command, run: Run): void {
  addExport(dlq, run)
  addImport(dlq, run)
  addDiscard(dlq, run)
  addRetention(dlq, run)
}

function addExport(dlq: Command, run: Run): void {
  addFilterOptions(dlq.command('export').description('write dead letters to stdout, one line of JSON each'))
    .addHelpText(
      'after',
      examples(
        'millrace dlq export > letters.ndjson',
        'millrace dlq export --older-than 30d | gzip > old-letters.ndjson.gz',
      ),
    )
    .action((options: FilterOptions, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        let count = 0
        for await (const line of (await session.pool()).deadLetters.export(filterOf(options))) {
          await session.out.drained()
          session.out.write(`${line}\n`)
          count++
        }
        session.talk(`${count} exported.`)
        return EXIT.done
      }),
    )
}

function addImport(dlq: Command, run: Run): void {
  dlq
    .command('import')
    .description('write the dead letters of an export into the pool; what is there already stays as it is')
    .argument('<file>', 'an export, or - for stdin')
    .addHelpText(
      'after',
      examples('millrace dlq import letters.ndjson', 'gunzip -c old-letters.ndjson.gz | millrace dlq import -'),
    )
    .action((file: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const report = await (await session.pool()).deadLetters.import(linesOf(file))
        const { imported, there, alive, refused, problems } = report
        for (const { line, problem } of problems) session.talk(`line ${line}: ${oneLine(problem)}`)
        if (refused > problems.length) session.talk(`… and ${refused - problems.length} more lines.`)
        const rest = [
          there > 0 && `${there} were there already`,
          alive > 0 && `${alive} left out, their jobs are not dead`,
          refused > 0 && `${refused} lines refused`,
        ].filter(Boolean)
        session.talk(`${[`${imported} imported`, ...rest].join('; ')}.`)
        session.answer(report, () => '')
        return refused > 0 ? EXIT.refused : EXIT.done
      }),
    )
}

/** @throws MillraceError MILLRACE_USAGE when the file cannot be read. */
async function* linesOf(file: string): AsyncGenerator<string> {
  const input = file === '-' ? process.stdin : createReadStream(file)
  try {
    yield* createInterface({ input, crlfDelay: Infinity })
  } catch (error) {
    throw new MillraceError('MILLRACE_USAGE', `${file} cannot be read: ${(error as Error).message}`, { cause: error })
  }
}

interface DiscardFlags {
  readonly all?: boolean
  readonly yes?: boolean
  readonly reason?: string
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
    .option('--reason <text>', 'why, for the audit log')
    .addHelpText(
      'after',
      examples(
        'millrace dlq discard default~nightly-2026-11-20.fetch',
        "millrace dlq discard --older-than 30d --yes --reason 'orders of a closed shop'",
      ),
    )
    .action((ids: string[], options: FilterOptions & DiscardFlags, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const which = whichOf(ids, options)
        const { deadLetters } = await session.pool()
        // what is counted in the question is what is discarded, whatever fails meanwhile
        const chosen = 'ids' in which ? which.ids : await idsOf(deadLetters, which.filter)
        const count = amount(chosen.length, 'dead letter')
        if (
          chosen.length > 0 &&
          !options.yes &&
          !(await confirm(`Discard ${count}? Their jobs can never be replayed.`, session))
        ) {
          session.talk('Nothing was discarded.')
          return EXIT.refused
        }
        const report = await deadLetters.discard({ ids: chosen }, { reason: options.reason })
        for (const id of report.gone)
          session.talk(`${oneLine(id)}: there is no such dead letter; it may be gone already.`)
        session.talk(`${report.discarded.length} discarded.`)
        session.answer(report, () => report.discarded.map(oneLine).join('\n'))
        return EXIT.done
      }),
    )
}

async function idsOf(deadLetters: Producer['deadLetters'], filter: ReturnType<typeof filterOf>): Promise<string[]> {
  const ids: string[] = []
  for (let after: number | undefined; ; ) {
    const { letters, next } = await deadLetters.query(filter, { after, limit: 500 })
    ids.push(...letters.map(({ id }) => id))
    if (next === undefined) return ids
    after = next
  }
}

function addRetention(dlq: Command, run: Run): void {
  dlq
    .command('retention')
    .description('show how long and how many dead letters are kept, or say so for a queue')
    .argument('[queue]', 'name of a queue; without it, the rules are listed')
    .option('--age <duration>', 'remove what failed longer ago, e.g. 30d', readDuration)
    .option('--count <letters>', 'keep so many of the newest', readCount)
    .option('--default', 'take the rule of the queue away')
    .addHelpText(
      'after',
      examples(
        'millrace dlq retention',
        'millrace dlq retention default --age 30d --count 100000',
        'millrace dlq retention default --default',
      ),
    )
    .action(
      (queue: string | undefined, options: { age?: number; count?: number; default?: boolean }, command: Command) =>
        run(command.optsWithGlobals(), async (session) => {
          const { age: ageMs, count } = options
          const given = ageMs !== undefined || count !== undefined
          if ((queue === undefined) === (given || options.default === true) || (given && options.default)) {
            const message = 'Expected nothing, or a queue with --age, --count or both, or a queue with --default.'
            throw new MillraceError('MILLRACE_USAGE', message)
          }
          const { retention } = (await session.pool()).deadLetters
          if (queue !== undefined) await retention.set(queue, { ageMs, count })
          const rules = await retention.list()
          const { ageMs: age, count: most } = DEFAULT_RETENTION
          session.talk(`Every other queue keeps ${most} dead letters for ${durationText(age)}.`)
          session.answer(rules, (look) => (rules.length === 0 ? '' : renderRetention(rules, look)))
          return EXIT.done
        }),
    )
}
