import type { WorkerView } from './heartbeat.ts'

/** Those of some workers that take jobs from a queue. */
export const listeningTo = (workers: readonly WorkerView[], queue: string): WorkerView[] =>
  workers.filter(({ queues }) => queues.includes(queue))
