import { type Json, MillraceError, type PatchOperation } from '@millrace/shared'
import type { Command } from 'commander'
import type { EditChange, Producer } from '../../contract.ts'
import { collectEntry } from '../arguments.ts'
import { confirm } from '../confirm.ts'
import { addFilterOptions, type FilterOptions, whichOf } from '../dead-letter-filter.ts'
import { inEditor, readJson, usage } from '../editor.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { amount } from '../output/amount.ts'
import { renderChanges } from '../output/changes.ts'
import { oneLine } from '../output/printable.ts'
import type { Run } from '../session.ts'

interface EditFlags extends FilterOptions {
  readonly all?: boolean
  readonly set?: ReadonlyMap<string, Json>
  readonly patch?: string
  readonly edit?: boolean
  readonly dryRun?: boolean
  readonly yes?: boolean
  readonly replay?: boolean
}

/** Diffs of so many are shown before the question; of the rest only how many. */
const SHOWN = 10

export function addEdit(dlq: Command, run: Run): void {
  addFilterOptions(
    dlq
      .command('edit')
      .description('change the inputs of dead letters, and replay them if told')
      .argument('[id...]', 'ids of dead letters, or filters, or --all'),
  )
    .option('--all', 'every dead letter of the pool')
    .option('--set <path=value>', 'give a part of the input, e.g. customer.id=7; may be repeated', collectEntry)
    .option('--patch <file>', 'apply a JSON Patch (RFC 6902)')
    .option('--edit', 'change the input of one letter in $EDITOR')
    .option('--replay', 'replay what was changed')
    .option('--dry-run', 'show what would change, and do nothing')
    .option('--yes', 'do not ask; needed where nobody can answer')
    .addHelpText(
      'after',
      examples(
        'millrace dlq edit default~nightly-2026-11-20.fetch --set url=https://example.org/ --replay --yes',
        'millrace dlq edit --task charge --patch currency.json --dry-run',
        'millrace dlq edit default~nightly-2026-11-20.fetch --edit --replay',
      ),
    )
    .action((ids: string[], flags: EditFlags, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const which = whichOf(ids, flags)
        const { deadLetters } = await session.pool()
        const change = await changeOf(ids, flags, deadLetters)
        const planned = await deadLetters.edit(which, change, { dryRun: true })
        const look = session.err.look()
        for (const { id, before, after } of planned.edited.slice(0, SHOWN)) {
          session.talk(`${oneLine(id)}\n${renderChanges(before, after, look)}`)
        }
        if (planned.edited.length > SHOWN) session.talk(`… and ${planned.edited.length - SHOWN} more.`)
        for (const { task, why } of planned.unchecked) session.talk(`not checked: ${oneLine(task)}: ${why}.`)
        const count = amount(planned.edited.length, 'dead letter')
        if (flags.dryRun) {
          session.answer(planned, () => '')
          return EXIT.done
        }
        if (planned.edited.length > 0 && !flags.yes && !(await confirm(`Change ${count}?`, session))) {
          session.talk('Nothing was changed.')
          return EXIT.refused
        }
        const report = await deadLetters.edit({ ids: planned.edited.map(({ id }) => id) }, change)
        const gone = [...planned.gone, ...report.gone]
        for (const id of gone) session.talk(`${oneLine(id)}: there is no such dead letter, or it changed meanwhile.`)
        for (const id of report.refused)
          session.talk(`${oneLine(id)}: not changed, it is being replayed or its job is gone.`)
        session.talk(`${report.edited.length} changed; the audit log has what they were.`)
        const edited = report.edited.map(({ id }) => id)
        const replayed = flags.replay ? (await deadLetters.replay({ ids: edited })).replayed : []
        if (flags.replay) session.talk(`${replayed.length} replayed.`)
        session.answer({ ...report, gone, replayed }, () => edited.map(oneLine).join('\n'))
        return report.refused.length > 0 ? EXIT.refused : EXIT.done
      }),
    )
}

async function changeOf(
  ids: readonly string[],
  flags: EditFlags,
  deadLetters: Producer['deadLetters'],
): Promise<EditChange> {
  const said = [flags.set, flags.patch, flags.edit].filter((value) => value !== undefined).length
  if (said !== 1) throw usage('Expected one of --set, --patch and --edit.')
  if (flags.set) return { set: Object.fromEntries(flags.set) }
  if (flags.patch !== undefined) {
    const patch = readJson(flags.patch, 'a list of operations')
    const fits =
      Array.isArray(patch) && patch.every((each) => typeof (each as { path?: Json } | null)?.path === 'string')
    if (!fits) throw usage(`${flags.patch} is no JSON Patch: expected a list of operations, each with "op" and "path".`)
    return { patch: patch as unknown as PatchOperation[] }
  }
  const [id] = ids
  if (id === undefined || ids.length > 1) throw usage('Expected the id of one dead letter with --edit.')
  const letter = await deadLetters.get(id)
  if (!letter)
    throw new MillraceError('MILLRACE_DEAD_LETTER_NOT_FOUND', `There is no dead letter ${JSON.stringify(id)}.`)
  return { input: inEditor(letter.input ?? null) }
}
