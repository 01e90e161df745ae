import { setTimeout as sleep } from 'node:timers/promises'
import type { Producer } from '@millrace/producer'
import type { WorkflowSummary } from '@millrace/shared'

const WIDTH = 28

/** One line that says how far a workflow is. */
function progressLine({ state, jobs }: WorkflowSummary, width = WIDTH): string {
  const ended = jobs.succeeded + jobs.dead + jobs.skipped + jobs.cancelled
  const full = jobs.total === 0 ? 0 : Math.floor((width * ended) / jobs.total)
  const parts = [`${ended}/${jobs.total} jobs`]
  if (jobs.runnable > 0) parts.push(`${jobs.runnable} running`)
  if (jobs.dead > 0) parts.push(`${jobs.dead} dead`)
  if (jobs.skipped > 0) parts.push(`${jobs.skipped} skipped`)
  return `${'█'.repeat(full)}${'░'.repeat(width - full)}  ${state.padEnd(9)}  ${parts.join(', ')}`
}

/**
 * Shows the progress of a workflow until it has ended, and gives how it ended: one line that is redrawn on a terminal, a
 * line for each step elsewhere. With `after`, it waits first until the workflow is no longer as it was then.
 */
export async function followProgress(
  producer: Producer,
  id: string,
  { after }: { after?: WorkflowSummary } = {},
): Promise<WorkflowSummary> {
  const live = process.stdout.isTTY && !process.env['CI']
  let last: WorkflowSummary | undefined
  let printed = ''
  for (;;) {
    for await (const event of producer.watch(id)) {
      if (event.kind !== 'workflow') continue
      last = event.summary
      if (after && last.finishedAt === after.finishedAt) continue
      const line = progressLine(last)
      if (live) process.stdout.write(`\r  ${line}\x1b[K`)
      else if (line !== printed) console.log(`  ${line}`)
      printed = line
    }
    if (!last) throw new Error(`the workflow ${id} is gone`)
    if (!after || last.finishedAt !== after.finishedAt) break
    await sleep(100)
  }
  if (live) process.stdout.write('\n')
  return last
}
