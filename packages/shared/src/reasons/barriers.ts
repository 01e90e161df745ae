import type { WorkerView } from '../pool/heartbeat.ts'
import type { BreakerState } from '../resources/breakers.ts'
import type { Circumstances, JobFacts, Paused } from './facts.ts'
import type { Reason } from './reason.ts'
import { spanText } from './words.ts'

/** What would keep a job out whenever it came up: it was loaded in part, somebody paused it, a breaker is open. */
export function barriers(job: JobFacts, at: Circumstances): Reason[] {
  const { workflow, task, queue } = job
  const { pauses, now } = at
  return [
    ...(at.workflow.state === 'loading'
      ? [
          {
            code: 'workflow-loading',
            text: 'Its workflow is still being written; nothing of it begins before that.',
          } as const,
        ]
      : []),
    ...(pauses.workflow ? [pauseReason('workflow', workflow, pauses.workflow, now)] : []),
    ...(pauses.task ? [pauseReason('task', task, pauses.task, now)] : []),
    ...(pauses.queue ? [pauseReason('queue', queue, pauses.queue, now)] : []),
    ...(job.fansOut
      ? []
      : resourcesOf(job, at.workers).flatMap((name) => breakerReason(at.breakers.get(name), now) ?? [])),
  ]
}

export function pauseReason(
  kind: 'workflow' | 'task' | 'queue',
  name: string,
  { at, by }: Paused,
  now: number,
): Reason {
  const who = by === undefined ? '' : ` by ${by}`
  const since = at === undefined ? '' : `, ${spanText(now - at)} ago`
  return {
    code: `${kind}-paused`,
    about: `${kind} ${name}`,
    text: `The ${kind} "${name}" is paused${who}${since}.`,
    help: kind === 'queue' ? `millrace queue resume ${name}` : `millrace resume ${kind} ${name}`,
    data: { ...(at !== undefined && { since: at }), ...(by !== undefined && { by }) },
  }
}

/** The breaker of the task itself first, then those of what the task and the job use. */
function resourcesOf({ task, uses }: JobFacts, workers: readonly WorkerView[]): string[] {
  const announced = workers.flatMap(({ tasks }) => tasks.filter(({ name }) => name === task))
  return [...new Set([`task/${task}`, ...announced.flatMap(({ uses = [] }) => uses), ...uses])]
}

function breakerReason(state: BreakerState | undefined, now: number): Reason | undefined {
  if (!state) return undefined
  const { name, openedAt, openings, halfOpenInMs, by, why } = state
  const because = why === '' ? '' : `: ${why}`
  const about = `resource ${name}`
  const data = { openings, openedAt, by, why }
  const help = `millrace resource close ${name}`
  const opened = `opened ${spanText(now - openedAt)} ago by ${by}${because}`
  if (halfOpenInMs === 0) {
    const text = `The breaker of "${name}" is half-open: one job probes, the others wait for it; ${opened}.`
    return { code: 'breaker-open', about, text, help, data: { ...data, halfOpen: true } }
  }
  if (!Number.isFinite(halfOpenInMs)) {
    const text = `The breaker of "${name}" is open until somebody closes it; ${opened}.`
    return { code: 'breaker-open', about, text, help, data }
  }
  const text = `The breaker of "${name}" is open for another ${spanText(halfOpenInMs)}; ${opened}.`
  return { code: 'breaker-open', about, text, until: now + halfOpenInMs, help, data }
}
