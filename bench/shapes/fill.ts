// Ways to fill a queue with as many jobs as one is told, for drainOurs and drainRaw.
import type { WorkflowDefinition } from '@millrace/shared'
import type { OurPool } from '../pools/ours.ts'
import type { RawPool } from '../pools/raw.ts'
import { plain } from './flows.ts'
import { range } from './payload.ts'
import { independent } from './workflows.ts'

/** Submits workflows, and gives what they are in numbers. */
export async function submitted(pool: OurPool, workflows: readonly WorkflowDefinition[]) {
  await pool.submitAll(workflows)
  const jobs = workflows.reduce((sum, workflow) => sum + Object.keys(workflow.jobs).length, 0)
  return { jobs, workflows: workflows.length }
}

/** Independent jobs in as few workflows as hold them. */
export const oursIndependent = (pool: OurPool, jobs: number) => submitted(pool, independent(jobs))

/** As many small workflows as have that many jobs together. */
export const oursSmall = (make: (n: number) => WorkflowDefinition) => (pool: OurPool, jobs: number) =>
  submitted(pool, range(Math.ceil(jobs / Object.keys(make(0).jobs).length)).map(make))

/** Independent jobs with `addBulk`. */
export async function rawIndependent(pool: RawPool, jobs: number): Promise<number> {
  await pool.addBulk(plain(jobs))
  return jobs
}
