import { PAUSABLE } from '@millrace/shared'
import { Argument, type Command } from 'commander'
import type { Producer } from '../../contract.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { type PauseLine, renderPauses } from '../output/pauses.ts'
import { requireQueue } from '../require-queue.ts'
import type { Run } from '../session.ts'

type Kind = PauseLine['kind']
const KINDS: readonly Kind[] = ['queue', ...PAUSABLE]

export function addPause(program: Command, run: Run): void {
  program
    .command('pause')
    .description('let nothing more of a queue, a task or a workflow begin; without arguments, list what is paused')
    .addArgument(new Argument('[kind]', 'what to pause').choices(KINDS))
    .argument('[name]', 'name of the queue or the task, or id of the workflow')
    .addHelpText(
      'after',
      examples(
        'millrace pause task mail.send',
        'millrace pause workflow nightly-2026-11-20',
        'millrace pause queue default',
        'millrace pause',
      ),
    )
    .action((kind: Kind | undefined, name: string | undefined, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        if (kind === undefined) {
          const lines = await pausedThings(await session.pool())
          if (lines.length === 0) session.talk('Nothing is paused.')
          session.answer(lines, (look) => (lines.length === 0 ? '' : renderPauses(lines, look)))
          return EXIT.done
        }
        if (name === undefined) command.error(`error: missing the name of the ${kind}`)
        const pool = await session.pool()
        const changed = await apply(pool, 'pause', kind, name)
        session.talk(changed ? `The ${kind} ${name} is paused.` : `The ${kind} ${name} was paused before.`)
        session.answer({ kind, name, paused: true }, () => '')
        return EXIT.done
      }),
    )
}

export function addResume(program: Command, run: Run): void {
  program
    .command('resume')
    .description('let a queue, a task or a workflow that was paused go on')
    .addArgument(new Argument('<kind>', 'what to resume').choices(KINDS))
    .argument('<name>', 'name of the queue or the task, or id of the workflow')
    .addHelpText('after', examples('millrace resume task mail.send', 'millrace resume workflow nightly-2026-11-20'))
    .action((kind: Kind, name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const changed = await apply(await session.pool(), 'resume', kind, name)
        session.talk(changed ? `The ${kind} ${name} goes on.` : `The ${kind} ${name} was not paused.`)
        session.answer({ kind, name, paused: false }, () => '')
        return EXIT.done
      }),
    )
}

async function apply(pool: Producer, verb: 'pause' | 'resume', kind: Kind, name: string): Promise<boolean> {
  if (kind !== 'queue') return pool.pauses[verb](kind, name)
  await requireQueue(pool, name)
  const paused = (await pool.queues.list()).some((queue) => queue.name === name && queue.paused)
  await pool.queues[verb](name)
  return paused !== (verb === 'pause')
}

async function pausedThings(pool: Producer): Promise<PauseLine[]> {
  const queues = (await pool.queues.list()).filter(({ paused }) => paused)
  const pauses = await pool.pauses.list()
  return [
    ...queues.map(({ name, queued }) => ({ kind: 'queue' as const, name, pausedAt: undefined, waiting: queued })),
    ...pauses.map(({ kind, name, pausedAt, parked }) => ({ kind, name, pausedAt, waiting: parked })),
  ]
}
