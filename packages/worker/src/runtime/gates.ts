import type { Task } from '@millrace/shared'
import type { Parked } from '../policies/parked.ts'
import type { Attempt } from './attempt.ts'

/** One reason for which a job that was taken may not start now. */
export interface Gate {
  /**
   * Asked before anything is done for the job. Gives why it must be put aside, or nothing. A promise only where something
   * outside the process must be asked: every job passes here.
   */
  admit(attempt: Attempt, task: Task): Parked | undefined | Promise<Parked | undefined>
  /** The attempt has ended, however that was; called for every attempt that this gate admitted. */
  leave?(attempt: Attempt): void
}

/** The gates of a worker, in the order in which a job meets them. */
export interface Gates {
  /** @throws Parked when one of them keeps the job out; those before it have been left again. */
  enter(attempt: Attempt, task: Task): void | Promise<void>
  leave(attempt: Attempt): void
}

export function createGates(gates: readonly Gate[]): Gates {
  const entered = new WeakMap<Attempt, Gate[]>()

  function leave(attempt: Attempt): void {
    for (const gate of entered.get(attempt)?.toReversed() ?? []) gate.leave?.(attempt)
    entered.delete(attempt)
  }

  async function ask(attempt: Attempt, task: Task): Promise<void> {
    const passed: Gate[] = []
    entered.set(attempt, passed)
    for (const gate of gates) {
      const answer = gate.admit(attempt, task)
      const parked = answer instanceof Promise ? await answer : answer
      if (parked) {
        leave(attempt)
        throw parked
      }
      passed.push(gate)
    }
  }

  return { enter: (attempt, task) => (gates.length === 0 ? undefined : ask(attempt, task)), leave }
}
