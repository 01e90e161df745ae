import type { WorkflowSummary } from '@millrace/shared'
import type { Producer } from '../../contract.ts'
import type { Screen } from '../terminal.ts'
import { lines } from './lines.ts'
import { live } from './live.ts'
import type { Presenter } from './presenter.ts'

/** How a person wants to see it: in place on a terminal, as lines everywhere else. */
export const progressFor = (screen: Screen): Presenter => (screen.live ? live(screen) : lines(screen))

/**
 * Shows a workflow until it has ended or is held, or `signal` is aborted.
 *
 * @returns its last summary, or `undefined` when there is no such workflow.
 */
export async function follow(
  pool: Producer,
  id: string,
  presenter: Presenter,
  signal: AbortSignal,
): Promise<WorkflowSummary | undefined> {
  let last: WorkflowSummary | undefined
  try {
    for await (const event of pool.watch(id, { signal })) {
      if (event.kind === 'workflow') last = event.summary
      presenter.show(event)
    }
  } finally {
    presenter.end()
  }
  return last
}
