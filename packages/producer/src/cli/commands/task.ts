import { type Command, InvalidArgumentError } from 'commander'
import { readDuration } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderTask, renderTasks } from '../output/tasks.ts'
import { durationText } from '../output/time.ts'
import type { Run } from '../session.ts'

export function addTask(program: Command, run: Run): void {
  const task = program
    .command('task')
    .description('look at the tasks: how long they take, how long they may, what fails')
    .addHelpText('after', examples('millrace task list', 'millrace task show mail.send'))
  addList(task, run)
  addShow(task, run)
  addSet(task, run)
}

function addList(task: Command, run: Run): void {
  task
    .command('list')
    .description('list the tasks of the pool with their run times and time limits')
    .addHelpText('after', examples('millrace task list', "millrace task list --json | jq '.[] | select(.present)'"))
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const tasks = await (await session.pool()).tasks.list()
        if (tasks.length === 0) session.talk('No tasks yet: the first worker brings the first ones.')
        session.answer(tasks, (look) => (tasks.length === 0 ? '' : renderTasks(tasks, look)))
        return EXIT.done
      }),
    )
}

function addShow(task: Command, run: Run): void {
  task
    .command('show')
    .description('show what is known of a task: its time limit and why, its run times, its failures')
    .argument('<name>', 'name of a task')
    .addHelpText(
      'after',
      examples('millrace task show mail.send', "millrace task show mail.send --json | jq '.timeLimit.why'"),
    )
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const found = await (await session.pool()).tasks.get(name)
        session.answer(found, (look) => renderTask(found, look))
        return EXIT.done
      }),
    )
}

function addSet(task: Command, run: Run): void {
  task
    .command('set')
    .description('fix the time limit of a task by hand, or let it be learned again; workers follow at once')
    .argument('<name>', 'name of a task')
    .argument('<setting>', 'timeout=<duration>, or timeout=auto', readSetting)
    .addHelpText(
      'after',
      examples('millrace task set mail.send timeout=30s', 'millrace task set mail.send timeout=auto'),
    )
    .action((name: string, timeout: number | 'auto', _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        await (await session.pool()).tasks.setTimeLimit(name, timeout)
        session.talk(
          timeout === 'auto'
            ? `The time limit of ${name} is no longer fixed by hand.`
            : `The time limit of ${name} is ${durationText(timeout)} from now on.`,
        )
        session.answer({ name, timeout: timeout === 'auto' ? null : timeout }, () => '')
        return EXIT.done
      }),
    )
}

function readSetting(text: string): number | 'auto' {
  const value = /^timeout=(.+)$/.exec(text)?.[1]
  if (value === undefined) {
    throw new InvalidArgumentError(
      `Expected timeout=<duration> such as timeout=30s, or timeout=auto, received ${JSON.stringify(text)}.`,
    )
  }
  if (value === 'auto') return value
  const ms = readDuration(value)
  if (ms < 1) throw new InvalidArgumentError(`Expected a duration of at least 1ms, received ${JSON.stringify(value)}.`)
  return ms
}
