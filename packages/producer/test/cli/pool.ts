import { connectBroker, type JobData, poolKeys } from '@millrace/shared'
import { engineBackend } from '@millrace/shared/engine'
import { type Job, UnrecoverableError, Worker } from 'bullmq'

/** One worker of a pool, on the engine itself: what a task does is a function of its name. */
export async function openWorker(url: string, namespace: string) {
  const client = await connectBroker({ url, role: 'worker' })
  const keys = poolKeys(namespace)
  /** While it has entries, a job of the task `gate` fails. */
  const broken = new Set(['gate'])
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })

  async function work({ name }: Job<JobData>): Promise<unknown> {
    if (broken.has(name)) throw new UnrecoverableError('the gate is shut\u001b[31m\nfor good')
    if (name === 'wait') await released
    return null
  }

  const options = { prefix: keys.prefix, connection: client, concurrency: 4, lockDuration: 10_000 }
  const worker = new Worker<JobData>('default', work, options, engineBackend(keys))
  worker.on('error', (error) => {
    throw error
  })
  return {
    broken,
    /** Lets jobs of the task `wait` end, those that begin later too. */
    release,
    async close() {
      release()
      await worker.close()
      await client.quit()
    },
  }
}
