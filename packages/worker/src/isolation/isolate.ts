import { MillraceError, type Task } from '@millrace/shared'
import { sourceOf } from '../tasks/source.ts'
import { startTaskProcess, type TaskProcess } from './process.ts'

export interface Isolated {
  /** All tasks; the handlers of those that are isolated run in processes of their own. */
  readonly tasks: readonly Task[]
  /** Ends the processes that wait for work. Those that run end with their attempts. */
  stop(): void
}

/** A process that nobody needed for so long is ended. */
const SPARE_FOR_MS = 60_000

/**
 * Gives the tasks that say `isolate` a handler that runs the real one in a process of its own: one process for each
 * attempt, so that nothing of an attempt is left for the next.
 *
 * Starting one takes 0.1 s to 0.5 s, most of it the modules of the task. So after its first attempt each task keeps one
 * process ready that has loaded them.
 *
 * @throws MillraceError MILLRACE_TASKS_INVALID when it is not known which file a task came from.
 */
export function isolateTasks(list: readonly Task[], graceMs: number): Isolated {
  const homeless = list.filter((task) => task.isolate && sourceOf(task) === undefined)
  if (homeless.length > 0) {
    const names = homeless.map(({ name }) => `"${name}"`).join(', ')
    throw new MillraceError(
      'MILLRACE_TASKS_INVALID',
      `These tasks say isolate, but their module is not known, so no other process can load them: ${names}. Load tasks with loadTasks('<folder>') or millrace-worker --tasks <folder>.`,
    )
  }
  const stops: (() => void)[] = []
  const tasks = list.map((task) => {
    if (!task.isolate) return task
    const { handler, stop } = isolatedHandler(task, sourceOf(task) as string, graceMs)
    stops.push(stop)
    return { ...task, handler }
  })
  return { tasks, stop: () => stops.forEach((stop) => void stop()) }
}

function isolatedHandler(task: Task, file: string, graceMs: number): { handler: Task['handler']; stop(): void } {
  let spare: TaskProcess | undefined
  let unwanted: NodeJS.Timeout | undefined
  let stopped = false

  function drop(): void {
    clearTimeout(unwanted)
    spare?.kill()
    spare = undefined
  }
  function prepare(): void {
    drop()
    if (stopped) return
    const fresh = startTaskProcess(task, file)
    spare = fresh
    fresh.child.once('exit', () => {
      if (spare === fresh) spare = undefined
    })
    unwanted = setTimeout(drop, SPARE_FOR_MS).unref()
  }
  function take(): TaskProcess {
    const taken = spare ?? startTaskProcess(task, file)
    spare = undefined
    return taken
  }
  return {
    async handler(input, ctx) {
      // the next one is started only then: starting takes a core, and this attempt waits for it
      return await take().run(input, ctx, { signal: ctx.signal, graceMs }, () => spare ?? prepare())
    },
    stop() {
      stopped = true
      drop()
    },
  }
}
