import { MillraceError, OVERLAPS, type Overlap } from '@millrace/shared'
import { type Command, Option } from 'commander'
import { type PriorityOption, priorityOption, readDuration, type SetOption, setOption } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderSchedules } from '../output/schedules.ts'
import { momentText } from '../output/time.ts'
import { withSource } from '../refusal.ts'
import type { Run } from '../session.ts'
import { readSource } from '../source.ts'

type AddOptions = SetOption &
  PriorityOption & { readonly cron?: string; readonly tz?: string; readonly every?: number; readonly overlap: Overlap }

export function addSchedule(program: Command, run: Run): void {
  const schedule = program
    .command('schedule')
    .description('have workflows submitted at fixed times')
    .addHelpText(
      'after',
      examples("millrace schedule add nightly nightly.yaml --cron '0 3 * * *'", 'millrace schedule list'),
    )
  addAdd(schedule, run)
  addList(schedule, run)
  addRemove(schedule, run)
}

function addAdd(schedule: Command, run: Run): void {
  schedule
    .command('add')
    .description('add a schedule, or replace the one of this name')
    .argument('<name>', 'name of the schedule')
    .argument('<file>', 'workflow in YAML or JSON; "-" reads stdin. It is kept as it is now')
    .option('--cron <expression>', 'minute hour day month weekday, or six fields with seconds first')
    .option('--tz <zone>', 'time zone of --cron, e.g. Europe/Zurich; UTC')
    .option('--every <duration>', 'instead of --cron: at once, and again after so long, e.g. 15m', readDuration)
    .addOption(setOption())
    .addOption(priorityOption())
    .addOption(
      new Option('--overlap <policy>', 'what to do when the run before has not ended')
        .choices(OVERLAPS)
        .default('skip'),
    )
    .addHelpText(
      'after',
      examples(
        "millrace schedule add nightly nightly.yaml --cron '0 3 * * *' --tz Europe/Zurich",
        'millrace schedule add poll poll.yaml --every 15m --overlap allow --set region=eu',
      ),
    )
    .action((name: string, file: string, options: AddOptions, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const source = await readSource(file, session.talk)
        const { cron, tz, every, overlap, set, priority } = options
        const pool = await session.pool()
        const { created, ...view } = await withSource(source, () =>
          pool.schedules.add(name, {
            workflow: source.text,
            overlap,
            ...(cron !== undefined && { cron }),
            ...(tz !== undefined && { tz }),
            ...(every !== undefined && { everyMs: every }),
            ...(set && { inputs: Object.fromEntries(set) }),
            ...(priority && { priority }),
          }),
        )
        const next = view.nextAt === undefined ? '' : `; its next run is at ${momentText(view.nextAt, Date.now())}`
        session.talk(`The schedule ${name} was ${created ? 'added' : 'replaced'}${next}.`)
        session.answer({ ...view, created }, () => '')
        return EXIT.done
      }),
    )
}

function addList(schedule: Command, run: Run): void {
  schedule
    .command('list')
    .description('list the schedules, the next to run first, with what their last run came to')
    .addHelpText('after', examples('millrace schedule list', "millrace schedule list --json | jq -r '.[].name'"))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const schedules = await (await session.pool()).schedules.list()
        if (schedules.length === 0) session.talk('No schedules. Add one: millrace schedule add <name> <file> --cron …')
        session.answer(schedules, (look) => (schedules.length === 0 ? '' : renderSchedules(schedules, look)))
        return EXIT.done
      }),
    )
}

function addRemove(schedule: Command, run: Run): void {
  schedule
    .command('remove')
    .description('remove a schedule; what it has submitted goes on')
    .argument('<name>', 'name of the schedule')
    .addHelpText('after', examples('millrace schedule remove nightly'))
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        if (!(await (await session.pool()).schedules.remove(name))) {
          const message = `There is no schedule ${JSON.stringify(name)}; \`millrace schedule list\` shows those that exist.`
          throw new MillraceError('MILLRACE_SCHEDULE_NOT_FOUND', message)
        }
        session.talk(`The schedule ${name} was removed.`)
        session.answer({ name, removed: true }, () => '')
        return EXIT.done
      }),
    )
}
