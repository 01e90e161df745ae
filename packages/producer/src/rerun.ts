import { type PoolKeys, planRerun, startRerun, type Tracing, taskEstimates, withWeights } from '@millrace/shared'
import type { Redis } from 'ioredis'
import type { Actor } from './audit.ts'
import type { Producer, ProducerOptions } from './contract.ts'
import { newId, requireId } from './workflow-id.ts'

interface RerunParts {
  readonly client: Redis
  readonly keys: PoolKeys
  readonly weights: ProducerOptions['weights']
  readonly tracing: Tracing | undefined
  readonly by: Actor
}

/** Runs a job of a workflow that has ended, and everything that depends on it, as a workflow of its own. */
export function rerun({ client, keys, weights: given, tracing, by }: RerunParts): Producer['rerun'] {
  return async (of, { from, newId: wanted, dryRun = false }) => {
    const beganAt = Date.now()
    if (wanted !== undefined) requireId(wanted)
    const planned = await planRerun(client, keys, of, from)
    const { again, carried, left } = planned.choice
    const told = { of, from, again, carried, left }
    if (dryRun) return { ...told, id: undefined, created: false }
    const id = wanted ?? newId(planned.plan.name)
    const estimates = await taskEstimates(client, keys)
    const write = (trace?: string) =>
      startRerun(client, keys, planned, { id, estimates, weights: withWeights(given ?? {}), trace, by })
    const facts = { name: planned.plan.name, jobs: again.length, beganAt }
    return { ...told, ...(await (tracing ? tracing.submit(facts, write) : write())) }
  }
}
