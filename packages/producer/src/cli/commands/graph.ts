import { existsSync } from 'node:fs'
import {
  criticalPath,
  GRAPH_FORMATS,
  type GraphFormat,
  type GraphJob,
  guessedDurations,
  type JobView,
  MillraceError,
  type PlannedJob,
  planWorkflow,
  renderGraph,
} from '@millrace/shared'
import { type Command, Option } from 'commander'
import { EXIT } from '../exit-codes.ts'
import { examples } from '../help.ts'
import { amount } from '../output/amount.ts'
import { durationText } from '../output/time.ts'
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
        const path = criticalPath(jobs, guessedDurations(jobs, new Map()))
        const estimated = jobs.some(({ estimateMs }) => estimateMs !== undefined)
        const lengthMs = estimated ? Math.round(path.length) : null
        const graph = renderGraph(jobs, format, path.jobs)
        session.answer({ format, graph, criticalPath: { jobs: path.jobs, lengthMs } }, () => graph.trimEnd())
        session.talk(`Critical path, ${lengthText(lengthMs, path.jobs.length)}: ${path.jobs.join(' → ')}`)
        return EXIT.done
      }),
    )
}

type TimedJob = GraphJob & Pick<PlannedJob, 'task' | 'estimateMs' | 'delayMs'>

const lengthText = (ms: number | null, jobs: number) =>
  ms === null ? `${amount(jobs, 'job')} long, none with an estimate` : durationText(ms)

async function jobsOfFile(file: string, session: Session): Promise<readonly TimedJob[]> {
  const source = await readSource(file, session.talk)
  const planned = await planWorkflow(source.text)
  if (!planned.ok) throw new Refusal(source, planned.issues)
  return planned.plan.jobs
}

async function jobsOfPool(id: string, session: Session): Promise<readonly TimedJob[]> {
  const view = await (await session.pool()).get(id)
  if (view) return view.jobList.map(timed)
  throw new MillraceError(
    'MILLRACE_WORKFLOW_NOT_FOUND',
    `${JSON.stringify(id)} is neither a file nor the id of a workflow.`,
  )
}

/** What a job has taken, once it has ended, replaces its estimate. */
function timed(job: JobView): TimedJob {
  const { startedAt, finishedAt, estimateMs, ...rest } = job
  const ms = startedAt !== undefined && finishedAt !== undefined ? finishedAt - startedAt : estimateMs
  return { ...rest, delayMs: 0, ...(ms !== undefined && { estimateMs: ms }) }
}
