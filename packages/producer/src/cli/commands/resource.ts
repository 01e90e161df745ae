import { didYouMean, MillraceError, nearestOf, type ResourceView } from '@millrace/shared'
import type { Command } from 'commander'
import type { Producer } from '../../contract.ts'
import { readDuration } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { renderResource, renderResources } from '../output/resources.ts'
import { durationText } from '../output/time.ts'
import type { Run } from '../session.ts'

export function addResource(program: Command, run: Run): void {
  const resource = program
    .command('resource')
    .description('look at the resources outside, open and close their breakers')
    .addHelpText('after', examples('millrace resource list', 'millrace resource open stripe --for 30m'))
  addList(resource, run)
  addShow(resource, run)
  addOpen(resource, run)
  addClose(resource, run)
}

function addList(resource: Command, run: Run): void {
  resource
    .command('list')
    .description('list the resources with the state of their breakers and the jobs that wait')
    .addHelpText(
      'after',
      examples('millrace resource list', 'millrace resource list --json | jq \'.[] | select(.state != "closed")\''),
    )
    .action((_options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const resources = await (await session.pool()).resources.list()
        if (resources.length === 0) session.talk('No resources yet: workers make them known when they start.')
        session.answer(resources, (look) => (resources.length === 0 ? '' : renderResources(resources, look)))
        return EXIT.done
      }),
    )
}

function addShow(resource: Command, run: Run): void {
  resource
    .command('show')
    .description('show one resource: its rules, and why its breaker is open')
    .argument('<name>', 'name of a resource, or task/<name> for the policies of a task')
    .addHelpText('after', examples('millrace resource show stripe'))
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const resource = await requireResource(await session.pool(), name)
        session.answer(resource, (look) => renderResource(resource, look))
        return EXIT.done
      }),
    )
}

function addOpen(resource: Command, run: Run): void {
  resource
    .command('open')
    .description('open a breaker: no worker begins a job that uses the resource')
    .argument('<name>', 'name of a resource, or task/<name> for the policies of a task')
    .option('--for <duration>', 'until a probe is made; without it, until it is closed by hand', readDuration)
    .option('--why <text>', 'what others are told')
    .addHelpText(
      'after',
      examples(
        'millrace resource open stripe',
        'millrace resource open stripe --for 30m --why "announced maintenance"',
      ),
    )
    .action((name: string, options: { for?: number; why?: string }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        await requireResource(pool, name)
        const { for: forMs, why } = options
        await pool.resources.open(name, { ...(forMs !== undefined && { forMs }), ...(why !== undefined && { why }) })
        const until = forMs === undefined ? 'until it is closed by hand' : `for ${durationText(forMs)}`
        session.talk(`The breaker of ${name} is open ${until}. Close it: millrace resource close ${name}`)
        session.answer(await requireResource(pool, name), () => '')
        return EXIT.done
      }),
    )
}

function addClose(resource: Command, run: Run): void {
  resource
    .command('close')
    .description('close a breaker and call the jobs back that wait for it')
    .argument('<name>', 'name of a resource, or task/<name> for the policies of a task')
    .addHelpText('after', examples('millrace resource close stripe'))
    .action((name: string, _options: object, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const pool = await session.pool()
        await requireResource(pool, name)
        const changed = await pool.resources.close(name)
        session.talk(changed ? `The breaker of ${name} is closed.` : `The breaker of ${name} was closed already.`)
        session.answer(await requireResource(pool, name), () => '')
        return EXIT.done
      }),
    )
}

/** A misspelt name would otherwise open a breaker that nobody asks. */
async function requireResource(pool: Producer, name: string): Promise<ResourceView> {
  const resources = await pool.resources.list()
  const found = resources.find((resource) => resource.name === name)
  if (found) return found
  const names = resources.map((resource) => resource.name)
  const known = names.length === 0 ? 'There are none yet.' : `There are: ${names.join(', ')}.`
  throw new MillraceError(
    'MILLRACE_USAGE',
    `No worker knows a resource ${JSON.stringify(name)}.${didYouMean(nearestOf(names)(name))} ${known}`,
  )
}
