import type { Redis } from 'ioredis'
import type { PoolKeys } from '../redis/keys.ts'
import { readScript } from '../redis/script.ts'
import type { Seen } from './batch.ts'

const aggregateScript = readScript<string[]>(new URL('./aggregate.lua', import.meta.url))

/** Fingerprints kept in a pool; those not seen for the longest time go first. */
export const MOST_FINGERPRINTS = 1_000
/** One that is not seen again is forgotten after so many milliseconds: 30 days. */
const KEEP_MS = 30 * 86_400_000

const FINGERPRINTS_PER_CALL = 50

/** When a failure is more than one of many. */
export interface Threshold {
  /** Failures of one fingerprint, in the whole pool. */
  readonly count: number
  readonly windowMs: number
}

/**
 * Adds failures to what the pool knows of them. Sent twice it counts twice, so what failed is not sent again.
 *
 * @param version of the worker that saw them.
 * @returns ids of the fingerprints that escalate now: their threshold is passed, or their severity is `critical`, and
 *   nobody was told within the window. Of all processes of a pool one is told.
 */
export async function aggregateFailures(
  client: Redis,
  keys: PoolKeys,
  batch: readonly Seen[],
  { count: threshold, windowMs }: Threshold,
  version: string,
  now: number = Date.now(),
): Promise<string[]> {
  const escalated: string[] = []
  for (let from = 0; from < batch.length; from += FINGERPRINTS_PER_CALL) {
    const page = batch.slice(from, from + FINGERPRINTS_PER_CALL)
    const target = page.flatMap(({ fingerprint: { id } }) => [keys.failure(id), keys.failureWorkflows(id)])
    const args = page.flatMap((seen) => [seen.fingerprint.id, JSON.stringify(recordOf(seen, version))])
    const limits = [now, threshold, windowMs, MOST_FINGERPRINTS, KEEP_MS, keys.failure('')]
    escalated.push(...(await aggregateScript(client, [keys.failures, ...target], [...limits, ...args])))
  }
  return escalated
}

function recordOf({ fingerprint, message, severity, category, count, dead, workflows }: Seen, version: string) {
  const { task, code, pattern, frame } = fingerprint
  return {
    once: { task, code, pattern, frame, firstVersion: version },
    last: { message, severity, category, lastVersion: version },
    count,
    dead,
    critical: severity === 'critical',
    workflows: [...workflows],
  }
}
