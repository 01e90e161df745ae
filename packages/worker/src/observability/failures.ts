import { setTimeout as sleep } from 'node:timers/promises'
import {
  aggregateFailures,
  createFailureBatch,
  ERRORS,
  type FailureBatch,
  fingerprintOf,
  isNoted,
  type JobData,
  type Logger,
  type PoolKeys,
  readFailure,
  type Threshold,
} from '@millrace/shared'
import type { Worker } from 'bullmq'
import type { Broker } from '../attempt/room.ts'
import type { Tally } from './tally.ts'
import { openWebhook } from './webhook.ts'

/** What fails within so many milliseconds is sent together; a worker without failures sends nothing. */
const SEND_AFTER_MS = 1_000

export interface FailureOptions {
  readonly client: Broker
  readonly keys: PoolKeys
  readonly log: Logger
  readonly tally: Tally
  readonly threshold: Threshold
  /** Told of every escalation. */
  readonly webhook: string | undefined
  readonly version: string
}

/**
 * Collects the failed attempts of a worker, tells the pool of them, and escalates those whose fingerprint has passed its
 * threshold. A worker that is killed takes what it had not sent with it: the counts of its last second. The dead letters
 * carry their fingerprints themselves.
 */
export function trackFailures(options: FailureOptions): { batch: FailureBatch; stop(): Promise<void> } {
  const { client, keys, log, tally, threshold, version } = options
  const stopping = new AbortController()
  const webhook = options.webhook === undefined ? undefined : openWebhook(options.webhook, log)
  let sending: Promise<void> = Promise.resolve()
  const batch = createFailureBatch(() => {
    const sent = sleep(SEND_AFTER_MS, undefined, { signal: stopping.signal, ref: false })
      .catch(() => {})
      .then(send)
      .catch((error) => log.warn({ err: error }, 'failures could not be counted; their dead letters are there'))
    sending = Promise.all([sending, sent]).then(() => {})
  })

  async function send(): Promise<void> {
    for (const id of await aggregateFailures(client, keys, batch.take(), threshold, version)) {
      const failure = await readFailure(client, keys, id)
      if (!failure) continue
      tally.escalated++
      const { fingerprint, task, code, severity, count, workflows, message } = failure
      log.error({ fingerprint, task, code, severity, count, workflows, error: message }, 'a failure escalates')
      webhook?.post({ event: 'failure.escalated', pool: keys.namespace, threshold, failure })
    }
  }

  return {
    batch,
    async stop() {
      stopping.abort()
      await sending
      await webhook?.stop()
    },
  }
}

/** Counts jobs that were buried without any attempt of ours: their workers had vanished too often. */
export function countStalled(worker: Worker<JobData>, batch: FailureBatch): void {
  const code = 'MILLRACE_STALLED'
  worker.on('failed', (job, error) => {
    if (!job || isNoted(job) || error.message !== 'job stalled more than allowable limit') return
    const message = `Workers that vanished while they ran this job: ${job.stalledCounter}. It is not given to another.`
    const { severity, category } = ERRORS[code]
    const fingerprint = fingerprintOf(job.name, code, message, '')
    batch.add({ fingerprint, message, severity, category, workflow: job.data.workflow, dead: true })
  })
}
