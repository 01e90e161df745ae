import {
  didYouMean,
  listTasks,
  MillraceError,
  nearestOf,
  type PoolKeys,
  readTask,
  setTimeLimit,
  type TaskDetails,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

/** The task half of a producer. */
export function tasks(client: Redis, keys: PoolKeys): Producer['tasks'] {
  /** A misspelt name would otherwise fix the limit of a task that nobody has, and say that all is well. */
  async function requireTask(name: string): Promise<TaskDetails> {
    const task = await readTask(client, keys, name)
    if (task) return task
    const names = (await listTasks(client, keys)).map((one) => one.name)
    const known = names.length === 0 ? 'There are none yet: start a worker.' : `There are: ${names.join(', ')}.`
    const wrong = `No worker of this pool has or had a task ${JSON.stringify(name)}.`
    throw new MillraceError('MILLRACE_USAGE', `${wrong}${didYouMean(nearestOf(names)(name))} ${known}`)
  }

  return {
    list: () => listTasks(client, keys),
    get: requireTask,
    async setTimeLimit(name, ms) {
      await requireTask(name)
      await setTimeLimit(client, keys, name, ms)
    },
  }
}
