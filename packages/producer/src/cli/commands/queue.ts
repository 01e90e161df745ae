import { Argument, type Command } from 'commander'
import { readCount } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderQueues } from '../output/queues.ts'
import { requireQueue } from '../require-queue.ts'
import type { Run } from '../session.ts'

export function addQueue(program: Command, run: Run): void {
  const queue = program
    .command('queue')
    .description('look at the queues, pause and resume them')
    .addHelpText('after', examples('millrace queue list', 'millrace queue pause default'))
  addList(queue, run)
  addSwitch(queue, run, 'pause', 'workers finish what they have and take nothing more from the queue', 'paused')
  addSwitch(queue, run, 'resume', 'let workers take jobs from the queue again', 'open')
  addCapacity(queue, run)
  addEvents(queue, run)
}

function addList(queue: Command, run: Run): void {
  queue
    .command('list')
    .description('list the queues with their jobs by state and the workers that listen')
    .addHelpText(
      'after',
      examples('millrace queue list', "millrace queue list --json | jq '.[] | select(.workers == 0)'"),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const queues = await (await session.pool()).queues.list()
        if (queues.length === 0) session.talk('No queues yet: the first job makes the first one.')
        session.answer(queues, (look) => (queues.length === 0 ? '' : renderQueues(queues, look)))
        return EXIT.done
      }),
    )
}

function addCapacity(queue: Command, run: Run): void {
  queue
    .command('capacity')
    .description('say how many jobs may wait in a queue; what would bring more is refused')
    .argument('<name>', 'name of a queue; it need not have had a job yet')
    .argument('<jobs>', 'a whole number', readCount)
    .addHelpText('after', examples('millrace queue capacity default 50000'))
    .action((name: string, jobs: number, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        await (await session.pool()).queues.setCapacity(name, jobs)
        session.talk(
          `The queue ${name} takes ${jobs} jobs; from ${Math.floor(jobs * 0.9)} on, none that are low or background.`,
        )
        session.answer({ name, capacity: jobs }, () => '')
        return EXIT.done
      }),
    )
}

function addEvents(queue: Command, run: Run): void {
  queue
    .command('events')
    .description("say whether BullMQ's event stream is written too, for tools that listen to it")
    .argument('<name>', 'name of a queue')
    .addArgument(
      new Argument(
        '<state>',
        'off unless somebody turns it on: an event costs Redis as much as the end of a job',
      ).choices(['on', 'off']),
    )
    .addHelpText('after', examples('millrace queue events default on'))
    .action((name: string, state: 'on' | 'off', _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        await requireQueue(pool, name)
        await pool.queues.setEvents(name, state === 'on')
        session.talk(`Events of the queue ${name} are ${state}.`)
        session.answer({ name, events: state === 'on' }, () => '')
        return EXIT.done
      }),
    )
}

function addSwitch(queue: Command, run: Run, verb: 'pause' | 'resume', description: string, state: string): void {
  queue
    .command(verb)
    .description(description)
    .argument('<name>', 'name of a queue')
    .addHelpText('after', examples(`millrace queue ${verb} default`))
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        await requireQueue(pool, name)
        await pool.queues[verb](name)
        session.talk(`The queue ${name} is ${state}.`)
        session.answer({ name, paused: verb === 'pause' }, () => '')
        return EXIT.done
      }),
    )
}
