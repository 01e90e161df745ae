import { Command } from 'commander'
import { namespaceProblem } from '../config.ts'
import { PACKAGE_VERSION } from '../version.ts'
import { checked } from './arguments.ts'
import { addAudit } from './commands/audit.ts'
import { addCancel } from './commands/cancel.ts'
import { addDlq } from './commands/dlq.ts'
import { addEnqueue } from './commands/enqueue.ts'
import { addExporter } from './commands/exporter.ts'
import { addGraph } from './commands/graph.ts'
import { addList } from './commands/list.ts'
import { addPause, addResume } from './commands/pause.ts'
import { addQueue } from './commands/queue.ts'
import { addRerun } from './commands/rerun.ts'
import { addResource } from './commands/resource.ts'
import { addRetry } from './commands/retry.ts'
import { addSchedule } from './commands/schedule.ts'
import { addStatus } from './commands/status.ts'
import { addTask } from './commands/task.ts'
import { addTenant } from './commands/tenant.ts'
import { addValidate } from './commands/validate.ts'
import { addWatch } from './commands/watch.ts'
import { addWhy } from './commands/why.ts'
import { addWorkers } from './commands/workers.ts'
import { examples } from './help.ts'
import type { Run } from './session.ts'

const EXIT_CODES = `
Exit codes:
    0  done
    1  the workflow failed, was cancelled or is held (watch, enqueue --wait)
    2  wrong use, or input that was refused
    3  Redis cannot be reached
  130  watching was ended by Ctrl-C; the workflow goes on`

/** Every word the command line understands. It throws instead of ending the process. */
export function createProgram(run: Run): Command {
  const program = new Command('millrace')
    .description('Submit workflows to a Millrace pool and look at it from outside.')
    .version(PACKAGE_VERSION, '--version', 'print the version')
    .helpOption('--help', 'show help')
    .helpCommand('help [command]', 'show help')
    .option('--json', 'print data as JSON')
    .option('--redis <url>', 'address of the Redis; else REDIS_URL, else the local pool')
    .option('--namespace <name>', 'name of the pool; else MILLRACE_NAMESPACE, else millrace', checked(namespaceProblem))
    .option('--actor <name>', 'who acts, for the audit log; else MILLRACE_PRODUCER_ACTOR, else the user of the system')
    .exitOverride()
    .showHelpAfterError('(add --help for usage and examples)')
    .configureHelp({ showGlobalOptions: true, minWidthToWrap: 20 })
    .addHelpText(
      'after',
      `${examples('millrace validate nightly.yaml', 'millrace enqueue nightly.yaml --wait', 'millrace list --state failed', 'millrace dlq list')}\n${EXIT_CODES}`,
    )
  for (const add of [
    addEnqueue,
    addStatus,
    addWhy,
    addWatch,
    addList,
    addCancel,
    addRetry,
    addRerun,
    addGraph,
    addValidate,
    addDlq,
    addQueue,
    addTask,
    addWorkers,
    addExporter,
    addResource,
    addPause,
    addTenant,
    addSchedule,
    addResume,
    addAudit,
  ]) {
    add(program, run)
  }
  return program
}
