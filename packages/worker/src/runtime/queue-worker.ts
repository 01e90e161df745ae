import type { JobData, Json } from '@millrace/shared'
import { type Job, Worker } from 'bullmq'

type NextJob = Parameters<Worker<JobData, Json>['nextJobFromJobData']>

/**
 * The BullMQ worker of one queue, which can be held back at once and sent on at once, and which ends a job that succeeded
 * without the layers around it (spans, waits for a connection that is there, a try for every step): they cost as much as a small
 * handler. Whatever does not succeed goes BullMQ's way.
 */
export class QueueWorker extends Worker<JobData, Json> {
  /** What became of handlers whose end BullMQ sees to. */
  private readonly ran = new WeakMap<object, Promise<Json>>()

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

  override async processJob(
    job: Job<JobData, Json>,
    token: string,
    wantsNext: () => boolean = () => true,
  ): Promise<Job<JobData, Json> | void> {
    const id = job.id as string
    let running: Promise<Json> | undefined
    try {
      if (job.deferredFailure) return await super.processJob(job, token, wantsNext)
      this.lockManager.trackJob(id, token, job.processedOn as number)
      running = this.processFn(job, token)
      const output = await running
      this.lockManager.untrackJob(id)
      return await this.succeed(job, output, token, wantsNext)
    } catch (error) {
      if (!running) throw error
      this.ran.set(job, running) // it has failed, or its end could not be written: that may be tried again
      return await super.processJob(job, token, wantsNext)
    }
  }

  protected override callProcessJob(job: Job<JobData, Json>, token: string, signal?: AbortSignal): Promise<Json> {
    return this.ran.get(job) ?? super.callProcessJob(job, token, signal)
  }

  private async succeed(job: Job<JobData, Json>, output: Json, token: string, wantsNext: () => boolean) {
    if (this.backend.closing) return undefined
    const wants = wantsNext() && !this.closing && !this.isPaused()
    const ended = await this.backend.moveToCompleted(job, output, false, token, wants)
    job.returnvalue = output
    job.finishedOn = ended.finishedOn
    job.attemptsMade++
    this.emit('completed', job, output, 'active')
    if (!ended.result) return undefined
    const [next, nextId, limitedMs, until] = ended.result
    this['updateDelays'](limitedMs, until)
    return this.nextJobFromJobData(next, nextId, token)
  }

  /** One that a scheduler of BullMQ made must be planned anew before it runs: BullMQ does that. */
  protected override async nextJobFromJobData(...next: NextJob): Promise<Job<JobData, Json>> {
    const [json, id, token] = next
    if (!json || json.repeatJobKey) return await super.nextJobFromJobData(...next)
    this['drained'] = false
    const job = this.createJob(json, id as string)
    job.token = token as string
    this.emit('active', job, 'waiting')
    return job
  }
}
