import type { SampleSource } from '@millrace/shared'
import type { Slots } from '../concurrency/slots.ts'
import type { Tuning } from '../concurrency/tune.ts'
import type { Circuits } from '../policies/circuits.ts'
import type { Guards } from '../policies/guards.ts'
import type { AttemptCounts } from './attempt-counts.ts'
import type { Tally } from './tally.ts'

export interface WorkerSampleOptions {
  readonly attempts: AttemptCounts
  readonly tally: Tally
  readonly slots: Slots
  readonly tuning: Tuning
  readonly circuits: Circuits
  readonly guards: Guards
  readonly active: () => number
  readonly draining: () => boolean
  /** Queue → jobs of vanished workers that were found there. */
  readonly stalled: ReadonlyMap<string, number>
}

/** The series of a worker, as they are when somebody scrapes. */
export function workerSamples(options: WorkerSampleOptions): SampleSource {
  const { attempts, tally, slots, tuning, circuits, guards, active, draining, stalled } = options
  const one = (value: number) => [{ labels: {}, value }]
  return () => {
    const bulkheads = guards.bulkheads()
    const perBulkhead = (key: 'active' | 'slots' | 'rejected') =>
      bulkheads.map((bulkhead) => ({ labels: { resource: bulkhead.name }, value: bulkhead[key] }))
    return {
      ...attempts.samples(),
      jobsStalled: [...stalled].map(([queue, value]) => ({ labels: { queue }, value })),
      handlersIgnored: one(tally.ignored),
      failureEscalations: one(tally.escalated),
      workerSlots: one(slots.limit),
      workerActive: one(active()),
      workerUtilization: one(Math.min(1, active() / slots.limit)),
      workerTaking: one(slots.taking && !draining() ? 1 : 0),
      concurrencyMoves: [...tuning.moved()].map(([reason, value]) => ({ labels: { reason }, value })),
      breakerTransitions: Object.entries(circuits.counts()).flatMap(([resource, { opened, probes, closed }]) =>
        Object.entries({ opened, half_open: probes, closed }).map(([outcome, value]) => ({
          labels: { resource, outcome },
          value,
        })),
      ),
      bulkheadRejections: perBulkhead('rejected'),
      bulkheadActive: perBulkhead('active'),
      bulkheadSlots: perBulkhead('slots'),
      memoryLimitBytes: one(tuning.vitals().memory.limitBytes),
    }
  }
}
