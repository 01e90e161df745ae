import {
  lastRun,
  MAX_DURATION_MS,
  MillraceError,
  OVERLAPS,
  orderAll,
  type PoolKeys,
  planWorkflow,
  SCHEDULES,
  type Schedule,
  type ScheduleView,
} from '@millrace/shared'
import type { JobSchedulerJson, Queue } from 'bullmq'
import type { Redis } from 'ioredis'
import type { Producer, ScheduleOptions } from './contract.ts'
import { withQueue } from './with-queue.ts'

const NAME = /^[A-Za-z0-9_][A-Za-z0-9_-]{0,99}$/
const SHORTEST_MS = 1_000
/** A run for which the pool has no room is tried again, by the worker that has it; see there. */
const ATTEMPTS = 20
const KEPT_RUNS = 20

/** The half of a producer that has workflows submitted again and again. */
export function schedules(
  client: Redis,
  keys: PoolKeys,
  tasksOf: () => Promise<ReadonlyMap<string, { readonly queue: string }>>,
): Producer['schedules'] {
  const withSchedules = <T>(use: (queue: Queue<Schedule>) => Promise<T>) => withQueue(client, keys, SCHEDULES, use)

  async function viewOf({ next, template }: JobSchedulerJson<Schedule>): Promise<ScheduleView | undefined> {
    if (!template?.data) return undefined
    const { workflow, ...schedule } = template.data
    const last = await lastRun(client, keys, schedule.name)
    return { ...schedule, workflow: await nameOf(workflow), nextAt: next, last }
  }

  const find = async (name: string) =>
    await withSchedules(async (queue) => {
      const found = await queue.getJobScheduler(name)
      return found ? await viewOf(found as JobSchedulerJson<Schedule>) : undefined
    })

  return {
    async add(name, options) {
      const schedule = await checkedSchedule(name, options)
      const { cron: pattern, tz = 'UTC', everyMs: every, workflow, inputs, priority } = schedule
      const planned = await planWorkflow(workflow, {
        tasks: await tasksOf(),
        ...(inputs && { inputs }),
        ...(priority && { priority }),
      })
      if (!planned.ok) {
        const [first] = planned.issues
        throw new MillraceError(first?.code ?? 'MILLRACE_WORKFLOW_SHAPE', `${first?.message}`, {
          issues: planned.issues,
        })
      }
      const created = !(await find(name))
      const when = pattern === undefined ? { every: every as number } : { pattern, tz }
      const opts = { attempts: ATTEMPTS, backoff: { type: 'later' }, removeOnComplete: { count: KEPT_RUNS } }
      await withSchedules((queue) => queue.upsertJobScheduler(name, when, { name: 'run', data: schedule, opts }))
      await orderAll(client, keys)
      return { ...((await find(name)) as ScheduleView), created }
    },
    async list() {
      const found = await withSchedules((queue) => queue.getJobSchedulers(0, -1, true))
      const views = await Promise.all(found.map((one) => viewOf(one as JobSchedulerJson<Schedule>)))
      return views.filter((view) => view !== undefined)
    },
    async remove(name) {
      const removed = await withSchedules((queue) => queue.removeJobScheduler(name))
      await client.del(keys.schedule(name))
      return removed
    },
  }
}

async function nameOf(workflow: Schedule['workflow']): Promise<string> {
  const planned = await planWorkflow(workflow)
  if (planned.ok) return planned.plan.name
  return typeof workflow === 'string' ? '' : workflow.name
}

/** @throws MillraceError MILLRACE_SCHEDULE_INVALID with everything that is wrong. */
async function checkedSchedule(name: string, options: ScheduleOptions): Promise<Schedule> {
  const { cron, tz, everyMs, overlap = 'skip' } = options
  const problems: string[] = []
  if (!NAME.test(name))
    problems.push(
      `the name is ${JSON.stringify(name)}; use 1 to 100 letters, digits, "_" or "-", not beginning with "-"`,
    )
  if ((cron === undefined) === (everyMs === undefined)) problems.push('give either a cron expression or an interval')
  if (everyMs !== undefined && !(Number.isInteger(everyMs) && everyMs >= SHORTEST_MS && everyMs <= MAX_DURATION_MS)) {
    problems.push(`the interval is ${everyMs} ms; it may be from 1 s to 365 days`)
  }
  if (tz !== undefined && cron === undefined) problems.push('a time zone belongs to a cron expression')
  const zoneProblem = tz === undefined ? undefined : problemOfZone(tz)
  if (zoneProblem) problems.push(zoneProblem)
  if (cron !== undefined) problems.push(...(await problemsOfCron(cron)))
  if (!OVERLAPS.includes(overlap)) problems.push(`overlap is ${JSON.stringify(overlap)}; use ${OVERLAPS.join(' or ')}`)
  if (problems.length === 0) return { name, overlap, ...options }
  throw new MillraceError('MILLRACE_SCHEDULE_INVALID', `The schedule cannot be used: ${problems.join('; ')}.`)
}

function problemOfZone(tz: string): string | undefined {
  try {
    new Intl.DateTimeFormat('en', { timeZone: tz })
    return undefined
  } catch {
    return `there is no time zone ${JSON.stringify(tz)}; use a name such as Europe/Zurich`
  }
}

async function problemsOfCron(cron: string): Promise<string[]> {
  const { defaultRepeatStrategy } = await import('bullmq')
  const shown = `the cron expression is ${JSON.stringify(cron)}`
  const fields = cron.trim().split(/\s+/)
  if (fields.length !== 5 && fields.length !== 6 && !cron.startsWith('@')) {
    return [
      `${shown}, which has ${fields.length} fields; it needs five (minute hour day month weekday), or six with seconds first`,
    ]
  }
  try {
    if (defaultRepeatStrategy(Date.now(), { pattern: cron })) return []
    return [`${shown}, which is never due`]
  } catch (error) {
    return [`${shown}: ${(error as Error).message}`]
  }
}
