import type { Json, LockedJob } from '@millrace/shared'
import { engineBackend } from '@millrace/shared/engine'
import { backoffStrategy } from '../attempt/retry-plan.ts'
import type { Room } from '../attempt/room.ts'
import type { WorkerConfig } from '../config.ts'
import { lookForCancelled } from '../control/cancellations.ts'
import { countStalled } from '../observability/failures.ts'
import { reportErrors } from '../observability/report-errors.ts'
import { QueueWorker } from './queue-worker.ts'

/**
 * A job whose worker vanished is found by the second look after its lock has expired at the latest, and now and then a
 * look is left out because another worker made one: with four looks to a lock it is back within one and a half locks.
 */
const STALLED_LOOKS_PER_LOCK = 4

/** The BullMQ worker of one queue, on the engine; it takes nothing before it is told to run. */
export function openQueue(
  queue: string,
  work: (locked: LockedJob) => Promise<Json>,
  room: Room,
  config: WorkerConfig,
  name: string,
): QueueWorker {
  const worker: QueueWorker = new QueueWorker(
    queue,
    (job, token) => work({ job, token } as LockedJob),
    {
      prefix: room.keys.prefix,
      connection: room.client,
      name,
      autorun: false,
      lockDuration: config.lockMs, // renewed at half
      stalledInterval: config.stalledEveryMs ?? config.lockMs / STALLED_LOOKS_PER_LOCK,
      maxStalledCount: config.maxStalls,
      settings: { backoffStrategy },
    },
    engineBackend(room.keys, { freeSlots: () => worker.freeSlots, slots: () => worker.concurrency }),
  )
  worker.returnMark = () => room.client.zadd(room.keys.queue(queue, 'marker'), 0, '0')
  // a listener for every worker: without one Node ends the process
  lookForCancelled(worker, room.client, room.keys, room.running)
  countStalled(worker, room.failures)
  worker.on('error', reportErrors(room.log.child({ queue })))
  return worker
}
