import type { Entry } from '../history/entry.ts'
import { cancelling } from './laws/cancelling.ts'
import { delay } from './laws/delay.ts'
import { ends, letters } from './laws/ends.ts'
import { fencing } from './laws/fencing.ts'
import { once } from './laws/once.ts'
import { order } from './laws/order.ts'
import { replays } from './laws/replays.ts'
import type { Run, Violation } from './violation.ts'

const LAWS = [ends, letters, order, once, fencing, delay, cancelling, replays]

/**
 * Compares what handlers noted and what the pool recorded with what had to come out. Pure.
 *
 * @returns every promise that was not kept; empty when all were.
 */
export function check(run: Run): Violation[] {
  const entries = Map.groupBy(run.history, ({ job }: Entry) => job)
  const ids = new Set([...run.expected.keys(), ...run.recorded.jobs.keys(), ...entries.keys()])
  return [...ids].flatMap((id) => {
    const one = {
      id,
      expected: run.expected.get(id) ?? [],
      recorded: run.recorded.jobs.get(id),
      entries: entries.get(id) ?? [],
    }
    return LAWS.flatMap((law) => law(one, run).map(([kind, text]) => ({ kind, job: id, text })))
  })
}
