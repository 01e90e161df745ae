import { existsSync } from 'node:fs'
import {
  GRAPH_FORMATS,
  type GraphFormat,
  type GraphJob,
  MillraceError,
  planWorkflow,
  renderGraph,
} from '@millrace/shared'
import { type Command, Option } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { Refusal } from '../refusal.ts'
import type { Run, Session } from '../session.ts'
import { readSource } from '../source.ts'

export function addGraph(program: Command, run: Run): void {
  program
    .command('graph')
    .description('draw a workflow: a file as it is written, or a submitted workflow with the states of its jobs')
    .argument('<file|id>', 'workflow file, "-" for stdin, or id of a workflow')
    .addOption(new Option('--format <format>', 'what to print').choices(GRAPH_FORMATS).default('mermaid'))
    .addHelpText(
      'after',
      examples(
        'millrace graph nightly.yaml',
        'millrace graph nightly.yaml --format dot | dot -Tsvg -o nightly.svg',
        'millrace graph nightly-2026-11-20',
      ),
    )
    .action((subject: string, { format }: { format: GraphFormat }, command: Command) =>
      run(command.optsWithGlobals(), async (session) => {
        const jobs =
          subject === '-' || existsSync(subject)
            ? await jobsOfFile(subject, session)
            : await jobsOfPool(subject, session)
        const graph = renderGraph(jobs, format)
        session.answer({ format, graph }, () => graph.trimEnd())
        return EXIT.done
      }),
    )
}

async function jobsOfFile(file: string, session: Session): Promise<readonly GraphJob[]> {
  const source = await readSource(file, session.talk)
  const planned = await planWorkflow(source.text)
  if (!planned.ok) throw new Refusal(source, planned.issues)
  return planned.plan.jobs
}

async function jobsOfPool(id: string, session: Session): Promise<readonly GraphJob[]> {
  const view = await (await session.pool()).get(id)
  if (view) return view.jobList
  throw new MillraceError(
    'MILLRACE_WORKFLOW_NOT_FOUND',
    `${JSON.stringify(id)} is neither a file nor the id of a workflow.`,
  )
}
