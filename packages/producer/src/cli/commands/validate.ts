import { connectBroker, knownTasks, planWorkflow, poolKeys } from '@millrace/shared'
import type { Command } from 'commander'
import { withOrigin } from '../address.ts'
import { type SetOption, setOption } from '../arguments.ts'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { amount } from '../output/amount.ts'
import { renderIssues } from '../output/issues.ts'
import type { Run, Session } from '../session.ts'
import { readSource } from '../source.ts'

type Options = SetOption & { readonly pool?: boolean }

export function addValidate(program: Command, run: Run): void {
  program
    .command('validate')
    .description('check a workflow and report every problem; nothing is submitted')
    .argument('<file>', 'workflow in YAML or JSON; "-" reads stdin')
    .addOption(setOption())
    .option('--pool', 'also check that workers of the pool have its tasks')
    .addHelpText(
      'after',
      examples(
        'millrace validate nightly.yaml',
        'millrace validate nightly.yaml --pool',
        "millrace validate nightly.yaml --json | jq '.issues'",
      ),
    )
    .action((file: string, options: Options, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const source = await readSource(file, session.talk)
        const tasks = options.pool ? await tasksOfPool(session) : undefined
        const planned = await planWorkflow(source.text, {
          ...(options.set && { inputs: Object.fromEntries(options.set) }),
          ...(tasks && { tasks }),
        })
        if (!planned.ok) {
          const { issues } = planned
          session.answer({ file: source.file, valid: false, issues }, (look) =>
            renderIssues(issues, source.file, source.text, look),
          )
          return EXIT.refused
        }
        const { name, jobs } = planned.plan
        session.answer({ file: source.file, valid: true, name, jobs: jobs.length, issues: [] }, (look) =>
          [look.paint('green', 'valid'), `${name}, ${amount(jobs.length, 'job')}`].join('  '),
        )
        return EXIT.done
      }),
    )
}

async function tasksOfPool(session: Session) {
  const { address, namespace, connectTimeoutMs } = session.target
  const client = await withOrigin(address, () =>
    connectBroker({ url: address.url, role: 'producer', connectTimeoutMs }),
  )
  try {
    const tasks = await knownTasks(client, poolKeys(namespace))
    if (tasks.size === 0) session.talk('No worker is in the pool, so the names of the tasks were not checked.')
    return tasks
  } finally {
    client.disconnect()
  }
}
