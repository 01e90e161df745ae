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
  function leave(attempt: Attempt, count = attempt.gatesPassed): void {
    attempt.gatesPassed = 0
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
      attempt.gatesPassed = ++index
      if (index === gates.length) return
      answer = gates[index]?.admit(attempt, task)
    }
  }

  return {
    // without a promise, as long as no gate gives one: every job passes here
    enter(attempt, task) {
      for (let index = 0; index < gates.length; index++) {
        const answer = gates[index]?.admit(attempt, task)
        if (answer instanceof Promise) return goOn(attempt, task, answer, index)
        if (answer) refuse(attempt, answer, index)
      }
      attempt.gatesPassed = gates.length
      return undefined
    },
    leave: (attempt) => leave(attempt),
  }
}
