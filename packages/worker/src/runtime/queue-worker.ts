import type { JobData } from '@millrace/shared'
import { type Job, Worker } from 'bullmq'

/** The BullMQ worker of one queue, which can be held back at once and sent on at once. */
export class QueueWorker extends Worker<JobData> {
  /** Puts back the mark that wakes one worker of the queue. */
  returnMark: () => Promise<unknown> = async () => {}

  /** Slots for which it will ask one after another: BullMQ keeps the others in a queue of promises. */
  get freeSlots(): number {
    const taken = this['mainLoopQueue']?.numTotal()
    return taken === undefined ? 1 : this.concurrency - taken
  }

  /** BullMQ looks at its concurrency only when a job has ended; this makes it look now. */
  wake(): void {
    this['mainLoopQueue']?.add(Promise.resolve(undefined))
  }

  /**
   * BullMQ would still take one job after it was paused: a wait for jobs that was under way when that happened ends with a
   * look. The mark that ended the wait is put back, for it was meant for whoever takes the job.
   */
  protected override async moveToActive(token: string, name?: string): Promise<Job<JobData>> {
    if (!this.isPaused()) return await super.moveToActive(token, name)
    await this.returnMark()
    return undefined as unknown as Job<JobData> // as BullMQ's own does when there is none
  }
}
