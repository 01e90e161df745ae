import {
  didYouMean,
  explainJob,
  explainQueue,
  explainWorkflow,
  MillraceError,
  nearestOf,
  type PoolKeys,
  readWorkers,
  type ScheduleReasons,
  scheduleReasons,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer, Why } from './contract.ts'

/** The half of a producer that says why something does not run. */
export function why(client: Redis, keys: PoolKeys, schedules: Pick<Producer['schedules'], 'list'>): Why {
  async function scheduleOf(name: string): Promise<ScheduleReasons | undefined> {
    const schedule = (await schedules.list()).find((one) => one.name === name)
    return schedule && scheduleReasons(schedule, await readWorkers(client, keys), Date.now())
  }

  async function jobOf(name: string) {
    const id = name.slice(name.indexOf('~') + 1)
    const dot = id.indexOf('.') // no id of a workflow has one, names of jobs may
    return dot > 0 ? await explainJob(client, keys, id.slice(0, dot), id.slice(dot + 1)) : undefined
  }

  async function nothing(name: string): Promise<never> {
    const known = [...(await client.smembers(keys.queues)), ...(await schedules.list()).map((one) => one.name)]
    throw new MillraceError(
      'MILLRACE_USAGE',
      `Nothing is called ${JSON.stringify(name)}: expected the id of a workflow, a job as <workflow>.<job>, a queue or a schedule.${didYouMean(nearestOf(known)(name))}`,
    )
  }

  return {
    async job(workflow, name) {
      const found = await explainJob(client, keys, workflow, name)
      if (found) return found
      const message = `There is no job ${JSON.stringify(name)} in a workflow ${JSON.stringify(workflow)}.`
      throw new MillraceError('MILLRACE_JOB_NOT_FOUND', message)
    },
    async workflow(id) {
      const found = await explainWorkflow(client, keys, id)
      if (found) return found
      throw new MillraceError('MILLRACE_WORKFLOW_NOT_FOUND', `There is no workflow ${JSON.stringify(id)}.`)
    },
    async queue(name) {
      const found = await explainQueue(client, keys, name)
      if (found) return found
      const message = `No job was ever sent to a queue ${JSON.stringify(name)}, and no worker takes from it.`
      throw new MillraceError('MILLRACE_USAGE', message)
    },
    async anything(name) {
      const found =
        (await explainWorkflow(client, keys, name)) ??
        (await jobOf(name)) ??
        (await explainQueue(client, keys, name)) ??
        (await scheduleOf(name))
      return found ?? (await nothing(name))
    },
  }
}
