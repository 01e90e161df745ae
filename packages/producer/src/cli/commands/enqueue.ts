import { type Dedup, MillraceError, SCHEDULINGS, type Scheduling } from '@millrace/shared'
import { type Command, Option } from 'commander'
import { type PriorityOption, priorityOption, readDuration, type SetOption, setOption } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { conclude, interrupted, noWorkflow } from '../outcome.ts'
import { amount } from '../output/amount.ts'
import { follow, progressFor } from '../progress/follow.ts'
import { withSource } from '../refusal.ts'
import type { Run } from '../session.ts'
import { readSource } from '../source.ts'

type Options = SetOption &
  PriorityOption & {
    readonly tenant?: string
    readonly delay?: number
    readonly id?: string
    readonly dedupKey?: string
    readonly dedupTtl?: number
    readonly wait?: boolean
    readonly strictDeadline?: boolean
    readonly scheduling?: Scheduling
  }

export function addEnqueue(program: Command, run: Run): void {
  program
    .command('enqueue')
    .description('submit a workflow and print its id')
    .argument('<file>', 'workflow in YAML or JSON; "-" reads stdin')
    .addOption(setOption())
    .addOption(priorityOption())
    .option('--tenant <name>', 'whose workflow it is, in place of what it says itself')
    .option('--delay <duration>', 'wait before the first jobs may start, e.g. 30s or 2h', readDuration)
    .option('--id <id>', 'submitting the same id again is the same workflow')
    .option('--dedup-key <key>', 'a second submission with this key is the first workflow; needs --dedup-ttl')
    .option('--dedup-ttl <duration>', 'for how long the key counts, e.g. 1h', readDuration)
    .option('--strict-deadline', 'refuse a workflow whose jobs cannot end by its deadline; else that is a warning')
    .addOption(
      new Option('--scheduling <order>', 'which job of the workflow goes first')
        .choices(SCHEDULINGS)
        .default('critical-path'),
    )
    .option('--wait', 'show progress until the workflow has ended; exit 1 when it failed or is held')
    .addHelpText(
      'after',
      examples(
        'millrace enqueue nightly.yaml',
        'millrace enqueue nightly.yaml --set day=2026-11-20 --set \'regions=["eu","us"]\'',
        'millrace enqueue nightly.yaml --priority high --delay 10m --id nightly-2026-11-20',
        'millrace enqueue report.yaml --tenant acme',
        'millrace enqueue refund.yaml --dedup-key refund-4711 --dedup-ttl 1h',
        'millrace enqueue nightly.yaml --wait && echo done',
        'generate-workflow | millrace enqueue -',
      ),
    )
    .action((file: string, options: Options, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const dedup = dedupOf(options)
        const source = await readSource(file, session.talk)
        const pool = await session.pool()
        const submission = await withSource(source, () =>
          pool.submit(source.text, {
            ...(options.set && { inputs: Object.fromEntries(options.set) }),
            ...(options.priority && { priority: options.priority }),
            ...(options.tenant !== undefined && { tenant: options.tenant }),
            ...(options.delay !== undefined && { delayMs: options.delay }),
            ...(dedup && { dedup }),
            ...(options.strictDeadline && { strictDeadline: true }),
            ...(options.scheduling && { scheduling: options.scheduling }),
            ...(options.id !== undefined && { id: options.id }),
          }),
        )
        const { id, name, created } = submission
        for (const warning of submission.warnings) session.talk(`warning  ${warning.message}`)
        if (!created) session.talk(`The workflow ${id} had been submitted before; nothing was added.`)
        if (!options.wait) {
          if (created)
            session.talk(`Submitted ${name} with ${amount(submission.jobs, 'job')}. Follow it: millrace watch ${id}`)
          session.answer(submission, () => id)
          return EXIT.done
        }
        const signal = session.interruption()
        if (!session.json) session.answer(undefined, () => id)
        const summary = await follow(pool, id, progressFor(session.err), signal)
        if (session.json) session.answer({ ...submission, workflow: summary }, () => '')
        if (signal.aborted) return interrupted(session, id)
        if (!summary) throw noWorkflow(id)
        return await conclude(session, pool, summary)
      }),
    )
}

function dedupOf({ dedupKey: key, dedupTtl: ttlMs }: Options): Dedup | undefined {
  if (key === undefined && ttlMs === undefined) return undefined
  if (key !== undefined && ttlMs !== undefined) return { key, ttlMs }
  throw new MillraceError('MILLRACE_USAGE', '--dedup-key and --dedup-ttl belong together: give both, or neither.')
}
