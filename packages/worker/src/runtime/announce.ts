import { setTimeout as sleep } from 'node:timers/promises'
import { ANNOUNCE_EVERY_MS, type PoolKeys, publishTasks, type Task, withdrawTasks } from '@millrace/shared'
import type { Broker } from './room.ts'

/** Tells the pool which tasks this worker has, again and again, and takes it back at the end. */
export async function announce(client: Broker, keys: PoolKeys, tasks: readonly Task[], workerId: string) {
  const known = tasks.map(({ name, queue, description }) => ({ name, queue, description }))
  const stopping = new AbortController()
  const { signal } = stopping
  await publishTasks(client, keys, known, workerId)

  async function repeat(): Promise<void> {
    for (;;) {
      await sleep(ANNOUNCE_EVERY_MS, undefined, { signal, ref: false })
      await publishTasks(client, keys, known, workerId).catch(() => {}) // the next time will do
    }
  }
  const repeating = repeat().catch(() => {})
  return {
    stop: async () => {
      stopping.abort()
      await repeating
      await withdrawTasks(client, keys, workerId)
    },
  }
}
