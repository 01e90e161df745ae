import { randomUUID } from 'node:crypto'
import type { Redis } from 'ioredis'
import type { LockedJob, PoolKeys } from '../../src/index.ts'

/** A job of which attempts can be begun by hand, as BullMQ begins them: `ats` grows, and the lock is somebody's. */
export function attemptsOf(client: Redis, keys: PoolKeys, workflow: string, name = 'a') {
  const id = `${workflow}.${name}`
  const key = keys.job('default', id)
  return {
    key,
    /** Takes the job from whoever had it. */
    async begin(token: string = randomUUID()): Promise<LockedJob> {
      const attemptsStarted = await client.hincrby(key, 'ats', 1)
      await client.set(keys.lock('default', id), token, 'PX', 60_000)
      const data = { workflow, workflowName: workflow, job: name, needs: {} }
      return { job: { id, queueName: 'default', attemptsStarted, attemptsMade: 0, data }, token } as LockedJob
    },
    /** Ends whatever attempt has it: the lock is free. */
    end: () => client.del(keys.lock('default', id)),
  }
}
