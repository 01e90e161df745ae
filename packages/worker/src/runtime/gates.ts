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
  const passed = new WeakMap<Attempt, number>() // how many of the gates let it in

  function leave(attempt: Attempt, count = passed.get(attempt) ?? 0): void {
    passed.delete(attempt)
    for (let index = count - 1; index >= 0; index--) gates[index]?.leave?.(attempt)
  }

  function refuse(attempt: Attempt, parked: Parked, index: number): never {
    leave(attempt, index)
    throw parked
  }

  async function goOn(attempt: Attempt, task: Task, first: Promise<Parked | undefined>, from: number): Promise<void> {
    let answer: Parked | undefined | Promise<Parked | undefined> = first
    for (let index = from; ; ) {
      const parked = answer instanceof Promise ? await answer : answer
      if (parked) refuse(attempt, parked, index)
      passed.set(attempt, ++index)
      if (index === gates.length) return
      answer = gates[index]?.admit(attempt, task)
    }
  }

  return {
    // without a promise, as long as no gate gives one: every job passes here
    enter(attempt, task) {
      for (const [index, gate] of gates.entries()) {
        const answer = gate.admit(attempt, task)
        if (answer instanceof Promise) return goOn(attempt, task, answer, index)
        if (answer) refuse(attempt, answer, index)
      }
      if (gates.length > 0) passed.set(attempt, gates.length)
      return undefined
    },
    leave: (attempt) => leave(attempt),
  }
}
