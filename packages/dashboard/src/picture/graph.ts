import type { JobView } from '@millrace/shared'
import { criticalPathOf } from '../live/changes.ts'
import { type Layout, layOut } from './layout.ts'
import { drawnOf } from './spawned.ts'

/** A workflow as it is drawn: what of its jobs does not change, and where they stand. */
export interface Graph extends Layout {
  readonly jobs: readonly Pick<JobView, 'name' | 'task' | 'queue' | 'needs' | 'when'>[]
  readonly criticalPath: readonly string[]
}

export function readGraph(jobs: readonly JobView[], now: number = Date.now()): Graph {
  return {
    ...layOut(drawnOf(jobs)),
    jobs: jobs.map(({ name, task, queue, needs, when }) => ({ name, task, queue, needs, when })),
    criticalPath: criticalPathOf(jobs, now),
  }
}
