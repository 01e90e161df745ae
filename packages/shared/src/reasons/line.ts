import type { WorkerView } from '../pool/heartbeat.ts'
import { listeningTo } from '../pool/listening.ts'
import type { Circumstances, JobFacts } from './facts.ts'
import type { Reason } from './reason.ts'
import { counted, levelsText, listText } from './words.ts'

export interface Crew {
  /** Workers that take from the queue and have the task. */
  readonly able: readonly WorkerView[]
  /** Slots of the workers that take from the queue. */
  readonly limit: number
  readonly free: number
}

/** Who could run jobs of a task from a queue. `active` counts the jobs of the queue that run: heartbeats are seconds old. */
export function crewOf(
  task: string,
  queue: string,
  { workers, active }: Pick<Circumstances, 'workers' | 'active'>,
): Crew {
  const listening = listeningTo(workers, queue)
  const able = listening.filter(({ tasks }) => tasks.some(({ name }) => name === task))
  const sum = (of: (worker: WorkerView) => number) => listening.reduce((total, worker) => total + of(worker), 0)
  const limit = sum(({ slots }) => slots.limit)
  // what runs of other queues is only known from heartbeats; what runs of this one is known exactly
  const alone = listening.every(({ queues }) => queues.length === 1)
  const used = alone
    ? active
    : Math.max(
        active,
        sum(({ slots }) => slots.active),
      )
  return { able, limit, free: Math.max(0, limit - used) }
}

/** That nobody could run it, whatever else holds. */
export function crewReasons({ task, queue }: Pick<JobFacts, 'task' | 'queue'>, at: Circumstances): Reason[] {
  const having = at.workers.filter(({ tasks }) => tasks.some(({ name }) => name === task))
  const listening = listeningTo(at.workers, queue)
  const { able } = crewOf(task, queue, at)
  if (able.length > 0) return shortOfMemory(able)
  const names = (workers: readonly WorkerView[]) => listText(workers.map(({ name }) => name))
  if (listening.length === 0) {
    const text =
      having.length === 0
        ? `No live worker has the task "${task}", and none takes from the queue "${queue}".`
        : `No live worker takes from the queue "${queue}"; ${names(having)} ${having.length === 1 ? 'has' : 'have'} the task "${task}" but listen${having.length === 1 ? 's' : ''} elsewhere.`
    const help = `Start one: millrace-worker --tasks <folder> --queues ${queue}`
    return [
      { code: 'no-worker', about: `queue ${queue}`, text, help, data: { having: having.map(({ name }) => name) } },
    ]
  }
  const text = `No live worker has the task "${task}"; ${names(listening)} ${listening.length === 1 ? 'takes' : 'take'} from the queue "${queue}" without it and would bury the job.`
  const help = 'Start a worker that has the task, or pause the queue until one is there.'
  return [
    { code: 'task-absent', about: `task ${task}`, text, help, data: { listening: listening.map(({ name }) => name) } },
  ]
}

function shortOfMemory(able: readonly WorkerView[]): Reason[] {
  if (able.some(({ slots }) => slots.taking)) return []
  const names = listText(able.map(({ name }) => name))
  const text = `${counted(able.length, 'worker')} could run it and ${able.length === 1 ? 'takes' : 'take'} nothing while memory is short: ${names}.`
  return [
    {
      code: 'workers-short-of-memory',
      text,
      help: 'millrace workers shows the memory of each.',
      data: { workers: able.length },
    },
  ]
}

/** What stands between a queued job and a slot; the last reason says that nothing does. */
export function lineReasons({ task, queue, line }: JobFacts, at: Circumstances): Reason[] {
  if (!line) return []
  const { able, limit, free } = crewOf(task, queue, at)
  const reasons: Reason[] = []
  const lookedAt = Object.values(line.tasks).reduce((sum, count) => sum + count, 0)
  const about = lookedAt < line.ahead ? 'about ' : ''
  if (line.ahead > 0) {
    reasons.push({
      code: 'behind-others',
      about: `queue ${queue}`,
      text: `${counted(line.ahead, 'job')} of its queue ${line.ahead === 1 ? 'goes' : 'go'} first: ${about}${levelsText(line.levels)}.`,
      data: { ahead: line.ahead, levels: { ...line.levels } },
    })
  }
  if (able.length > 0 && free === 0) {
    const who = `${counted(able.length, 'worker')} that ${able.length === 1 ? 'has' : 'have'} its task`
    reasons.push({
      code: 'workers-full',
      about: `queue ${queue}`,
      text: `All ${counted(limit, 'slot')} of the workers on its queue are taken (${who}).`,
      help: 'Start more workers.',
      data: { slots: limit, active: limit, workers: able.length },
    })
  }
  return reasons
}
