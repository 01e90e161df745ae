import { type PoolKeys, readPausedLots, unparkJobs } from '@millrace/shared'
import type { Gate } from '../attempt/gates.ts'
import type { Broker } from '../attempt/room.ts'
import { Parked } from '../policies/parked.ts'

/** A job that waits for a resuming looks after it by itself this often, in case everything else forgot it. */
const PARK_MS = 3_600_000

/** What is paused, as far as this worker knows, and the gate that keeps its jobs out. */
export interface Pauses {
  readonly gate: Gate
  /** Reads what is paused now, and calls back what it put aside for pauses that are over. */
  look(): Promise<void>
}

/** Pauses are known to the worker beforehand, so the gate asks nobody. */
export function createPauses(client: Broker, keys: PoolKeys): Pauses {
  let paused: ReadonlySet<string> = new Set()

  function keptOut(kind: 'task' | 'workflow', name: string): Parked | undefined {
    const lot = `${kind}/${name}`
    if (!paused.has(lot)) return undefined
    return new Parked('MILLRACE_PAUSED', { lot, delayMs: PARK_MS, why: `the ${kind} "${name}" is paused` })
  }

  return {
    gate: {
      admit: ({ job }, task) =>
        paused.size === 0 ? undefined : (keptOut('task', task.name) ?? keptOut('workflow', job.data.workflow)),
    },
    async look() {
      const before = paused
      paused = await readPausedLots(client, keys)
      // after this line the gate keeps nothing out any more, so whatever it did keep out is in the lot or on its way there
      for (const lot of before) if (!paused.has(lot)) await unparkJobs(client, keys, lot)
    },
  }
}
