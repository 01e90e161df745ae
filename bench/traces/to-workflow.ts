import type { JobDefinition, WorkflowDefinition } from '@millrace/shared'
import type { Trace } from './trace.ts'

/** Which job goes first: by its distance to the end of the workflow, or in the order in which they become runnable. */
export const POLICIES = ['critical-path', 'fifo'] as const
export type Policy = (typeof POLICIES)[number]

/** An attempt that takes its recorded time is no failure, however long that is. */
const TIMEOUT_MARGIN_MS = 600_000

/**
 * The trace as a workflow whose jobs wait as long as the recorded tasks took, times `scale`.
 *
 * @returns `idOf`: job name → id of the task. Ids of tasks may hold what names may not, so jobs are numbered.
 */
export function toWorkflow(
  trace: Trace,
  { scale, policy }: { scale: number; policy: Policy },
): { workflow: WorkflowDefinition; idOf: ReadonlyMap<string, string> } {
  const nameOf = new Map(trace.jobs.map(({ id }, index) => [id, `j${index}-${plain(id)}`]))
  const jobs = trace.jobs.map(({ id, needs, seconds }): [string, JobDefinition] => {
    const ms = seconds * 1_000 * scale
    const definition: JobDefinition = {
      task: 'bench.wait',
      with: { ms },
      needs: needs.map((need) => nameOf.get(need) as string),
      timeout: Math.ceil(ms) + TIMEOUT_MARGIN_MS,
      ...estimateOf(ms, policy),
    }
    return [nameOf.get(id) as string, definition]
  })
  return {
    workflow: { name: plain(trace.name), jobs: Object.fromEntries(jobs) },
    idOf: new Map([...nameOf].map(([id, name]) => [name, id])),
  }
}

/** What the workflow says beforehand of a job's time. `fifo` says nothing. */
const estimateOf = (ms: number, policy: Policy): Partial<JobDefinition> =>
  policy === 'critical-path' ? { estimate: Math.ceil(ms) } : {}

/** What is left of a text as part of a name. */
const plain = (text: string): string =>
  text
    .replaceAll(/[^A-Za-z0-9_-]+/g, '_')
    .slice(0, 80)
    .replace(/^[^A-Za-z_]/, '_$&')
