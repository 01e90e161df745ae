import type { Attempt } from '../attempt/attempt.ts'
import type { Gate } from '../attempt/gates.ts'
import { Parked } from '../policies/parked.ts'

/** Looked at again after one to two of these. */
const DELAY_MS = 1_000

/**
 * Starts no more attempts at once than fit into memory by what their tasks declare. One always may: a task that declares
 * more than there is fails by itself, and says so.
 *
 * @param budgetBytes what all attempts of this worker may have together.
 */
export function memoryGate(budgetBytes: () => number): Gate {
  const reserved = new Map<Attempt, number>()
  let sum = 0
  return {
    admit(attempt, { name, memoryBytes }) {
      if (memoryBytes === undefined) return undefined
      if (sum > 0 && sum + memoryBytes > budgetBytes()) {
        const why = `${mib(memoryBytes)} MiB, as the task declares, do not fit beside the ${mib(sum)} MiB of what runs`
        return new Parked('MILLRACE_MEMORY_RESERVED', {
          lot: `memory/${name}`,
          delayMs: DELAY_MS * (1 + Math.random()),
          why,
        })
      }
      reserved.set(attempt, memoryBytes)
      sum += memoryBytes
      return undefined
    },
    leave(attempt) {
      sum -= reserved.get(attempt) ?? 0
      reserved.delete(attempt)
    },
  }
}

const mib = (bytes: number) => Math.round(bytes / 1024 / 1024)
