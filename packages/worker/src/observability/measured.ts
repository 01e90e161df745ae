import { setTimeout as sleep } from 'node:timers/promises'
import { type Batch, measure, type PoolKeys } from '@millrace/shared'
import type { Broker } from '../attempt/room.ts'

/** One write for all attempts of so many milliseconds: nothing per job. */
const SEND_EVERY_MS = 2_000

/** Sends the run times of a worker's attempts now and then, and at its end. What a lost broker does not get is forgotten. */
export function sendMeasured(client: Broker, keys: PoolKeys, batch: Batch): { stop(): Promise<void> } {
  const stopping = new AbortController()
  const send = () => measure(client, keys, batch.take()).catch(() => {})

  async function repeat(): Promise<void> {
    while (!stopping.signal.aborted) {
      await sleep(SEND_EVERY_MS, undefined, { signal: stopping.signal, ref: false }).catch(() => {})
      await send()
    }
    await send()
  }
  const repeating = repeat()
  return {
    stop: () => {
      stopping.abort()
      return repeating
    },
  }
}
