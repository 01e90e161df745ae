import {
  didYouMean,
  knownTasks,
  MillraceError,
  nearestOf,
  type PoolKeys,
  pause,
  readPauses,
  resume,
} from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Producer } from './contract.ts'

/** The half of a producer that pauses tasks and workflows. */
export function pauses(client: Redis, keys: PoolKeys): Producer['pauses'] {
  /** A misspelt name would pause nothing, and say that all is well. Without workers nobody knows the tasks. */
  async function requireTask(name: string): Promise<void> {
    const names = [...(await knownTasks(client, keys)).keys()]
    if (names.length === 0 || names.includes(name)) return
    throw new MillraceError(
      'MILLRACE_USAGE',
      `No worker of the pool has a task ${JSON.stringify(name)}.${didYouMean(nearestOf(names)(name))} There are: ${names.toSorted().join(', ')}.`,
    )
  }

  return {
    list: () => readPauses(client, keys),
    async pause(kind, name) {
      if (kind === 'task') await requireTask(name)
      return await pause(client, keys, kind, name)
    },
    resume: (kind, name) => resume(client, keys, kind, name),
  }
}
