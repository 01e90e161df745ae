import { MillraceError } from '@millrace/shared'
import { type Command, InvalidArgumentError } from 'commander'
import type { Producer } from '../../contract.ts'
import { readCount } from '../arguments.ts'
import { addFilterOptions, type FilterOptions, whichOf } from '../dead-letter-filter.ts'
import { EXIT, type ExitCode } from '../exit-codes.ts'
import { followReplay } from '../follow-replay.ts'
import { examples } from '../help.ts'
import { oneLine } from '../output/printable.ts'
import { renderRehearsal, renderReplay } from '../output/replays.ts'
import type { Run, Session } from '../session.ts'

interface ReplayFlags extends FilterOptions {
  readonly all?: boolean
  readonly dryRun?: boolean
  readonly rate?: number
  readonly canary?: number
  readonly stopIf?: string
  readonly detach?: boolean
  readonly status?: string | true
  readonly pause?: string
  readonly resume?: string
  readonly stop?: string
}

export function addReplay(dlq: Command, run: Run): void {
  addFilterOptions(
    dlq
      .command('replay')
      .description('send jobs back to their own queues with fresh attempts')
      .argument('[id...]', 'ids of dead letters, or filters, or --all'),
  )
    .option('--all', 'every dead letter of the pool')
    .option('--dry-run', 'say what would happen, and do nothing')
    .option('--rate <count/unit>', 'so many at most, e.g. 50/s or 600/m; the pool paces them', readRate)
    .option('--canary <count>', 'so many first; the rest only when all of them have succeeded', readCount)
    .option('--stop-if <rule>', 'stop by itself: "failed>10%" or "failed>20"')
    .option('--detach', 'have the pool do it and do not wait')
    .option('--status [replay]', 'show one replay of the pool, or the last ones')
    .option('--pause <replay>', 'send nothing more until it is resumed')
    .option('--resume <replay>', 'go on with a paused replay')
    .option('--stop <replay>', 'send nothing more; the rest stays dead letters')
    .addHelpText(
      'after',
      examples(
        'millrace dlq replay default~nightly-2026-11-20.fetch',
        'millrace dlq replay --code MILLRACE_TASK_TIMEOUT --newer-than 1h --dry-run',
        'millrace dlq replay --task charge --rate 50/s --canary 5 --stop-if "failed>10%"',
        'millrace dlq replay --status',
      ),
    )
    .action((ids: string[], flags: ReplayFlags, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        if (flags.status !== undefined) return showReplays(session, await session.pool(), flags.status)
        for (const verb of ['pause', 'resume', 'stop'] as const) {
          const id = flags[verb]
          if (id !== undefined) return answerReplay(session, await (await session.pool()).replays[verb](id))
        }
        const which = whichOf(ids, flags) // before the pool is asked for: wrong use needs no Redis
        const pool = await session.pool()
        const pace = flags.rate === undefined ? {} : { ratePerSecond: flags.rate }
        if (flags.dryRun) {
          const rehearsal = await pool.replays.rehearse(which, pace)
          session.answer(rehearsal, (look) => renderRehearsal(rehearsal, look))
          return EXIT.done
        }
        const { rate, canary, stopIf, detach } = flags
        if (rate === undefined && canary === undefined && stopIf === undefined && !detach) {
          return replayNow(session, await pool.deadLetters.replay(which))
        }
        const started = await pool.replays.start(which, {
          ...pace,
          ...(canary !== undefined && { canary }),
          ...(stopIf !== undefined && { stopIf }),
        })
        if ((await pool.workers.list()).length === 0) {
          session.talk('No worker is there: the replay begins when one comes.')
        }
        return detach ? answerReplay(session, started) : followReplay(session, pool, started)
      }),
    )
}

function answerReplay(session: Session, view: Awaited<ReturnType<Producer['replays']['pause']>>): ExitCode {
  session.answer(view, (look) => renderReplay(view, look))
  return EXIT.done
}

async function showReplays(session: Session, pool: Producer, id: string | true): Promise<ExitCode> {
  if (id === true) {
    const views = await pool.replays.list()
    if (views.length === 0) session.talk('The pool has no replays.')
    session.answer(views, (look) => views.map((view) => renderReplay(view, look)).join('\n'))
    return EXIT.done
  }
  const view = await pool.replays.get(id)
  if (!view) throw new MillraceError('MILLRACE_REPLAY_NOT_FOUND', `There is no replay ${JSON.stringify(id)}.`)
  return answerReplay(session, view)
}

function replayNow(session: Session, report: Awaited<ReturnType<Producer['deadLetters']['replay']>>): ExitCode {
  const { replayed, gone, refused } = report
  for (const id of gone)
    session.talk(`${oneLine(id)}: there is no such dead letter; it may have been replayed already.`)
  for (const { id, reason } of refused) session.talk(`${oneLine(id)}: not replayed, ${reason}.`)
  session.talk(`${replayed.length} replayed.`)
  session.answer(report, () => replayed.map(oneLine).join('\n'))
  return refused.length > 0 ? EXIT.refused : EXIT.done
}

const SECONDS = { s: 1, m: 60, h: 3_600 } as const

function readRate(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(?:\/([smh]))?$/.exec(text)
  const rate = match ? Number(match[1]) / SECONDS[(match[2] ?? 's') as keyof typeof SECONDS] : 0
  if (rate > 0) return rate
  throw new InvalidArgumentError(`Expected a rate such as 50/s, 600/m or 10/h, received ${JSON.stringify(text)}.`)
}
