import { type connectBroker, type PoolKeys, taskEstimates } from '@millrace/shared'

/** Medians move slowly; a producer that submits a thousand workflows a second must not ask for them every time. */
const KEPT_MS = 10_000

type Estimates = Awaited<ReturnType<typeof taskEstimates>>

/** What the pool has measured of its tasks, asked for at most every ten seconds. */
export function keptEstimates(
  client: Awaited<ReturnType<typeof connectBroker>>,
  keys: PoolKeys,
): () => Promise<Estimates> {
  let asked: Promise<Estimates> | undefined
  let until = 0
  return () => {
    if (asked && performance.now() < until) return asked
    until = performance.now() + KEPT_MS
    asked = taskEstimates(client, keys).catch((error: unknown) => {
      asked = undefined // the next one asks again
      throw error
    })
    return asked
  }
}
