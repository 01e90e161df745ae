import { findCycles } from '@millrace/shared'
import { z } from 'zod'
import type { Trace, TraceJob } from './trace.ts'

const VERSION = '1.5'
/** Problems of one file that are shown. */
const SHOWN = 20

/** The format allows an empty id where there is no parent or child. */
const ids = z.array(z.string()).transform((list) => list.filter((id) => id !== ''))
const Document = z.object({
  name: z.string().min(1),
  schemaVersion: z.literal(VERSION),
  workflow: z.object({
    specification: z.object({
      tasks: z.array(z.object({ id: z.string().min(1), parents: ids, children: ids })).min(1),
    }),
    execution: z.object({
      tasks: z.array(z.object({ id: z.string().min(1), runtimeInSeconds: z.number().min(0) })),
    }),
  }),
})

/** What was read, or everything that is wrong with it. */
export type Reading = { readonly ok: true; readonly trace: Trace } | { readonly ok: false; readonly problems: string[] }

/**
 * Reads the trace of a workflow in WfFormat 1.5 (github.com/wfcommons/WfFormat). Its tasks become jobs. An edge counts
 * when either end tells of it; measurements of tasks that the specification does not have are left out.
 */
export function readTrace(text: string): Reading {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return { ok: false, problems: [`it is no JSON: ${(error as Error).message}`] }
  }
  const parsed = Document.safeParse(json)
  if (!parsed.success) return { ok: false, problems: firstOf(parsed.error.issues.map(shapeProblem)) }
  const { name, workflow } = parsed.data
  const jobs = jobsOf(workflow.specification.tasks, workflow.execution.tasks)
  return jobs.ok ? { ok: true, trace: { name, jobs: jobs.jobs } } : { ok: false, problems: firstOf(jobs.problems) }
}

type Specified = z.infer<typeof Document>['workflow']['specification']['tasks']
type Executed = z.infer<typeof Document>['workflow']['execution']['tasks']

function jobsOf(
  specified: Specified,
  executed: Executed,
): { ok: true; jobs: TraceJob[] } | { ok: false; problems: string[] } {
  const seconds = new Map(executed.map(({ id, runtimeInSeconds }) => [id, runtimeInSeconds]))
  const needs = new Map<string, Set<string>>()
  const problems: string[] = []
  for (const { id } of specified) {
    if (needs.has(id)) problems.push(`the task "${id}" stands in workflow.specification.tasks twice`)
    if (!seconds.has(id)) problems.push(`the task "${id}" has no runtime: workflow.execution.tasks does not have it`)
    needs.set(id, new Set())
  }
  for (const { id, parents, children } of specified) {
    for (const parent of parents) {
      if (needs.has(parent)) needs.get(id)?.add(parent)
      else problems.push(`the task "${id}" has the parent "${parent}", which is no task`)
    }
    for (const child of children) {
      if (needs.has(child)) needs.get(child)?.add(id)
      else problems.push(`the task "${id}" has the child "${child}", which is no task`)
    }
  }
  const nodes = [...needs].map(([name, of]) => ({ name, needs: [...of] }))
  if (problems.length === 0) {
    for (const cycle of findCycles(nodes)) problems.push(`tasks wait for each other: ${cycle.join(' → ')}`)
  }
  if (problems.length > 0) return { ok: false, problems }
  return { ok: true, jobs: nodes.map(({ name, needs }) => ({ id: name, needs, seconds: seconds.get(name) as number })) }
}

function shapeProblem({ path, message }: { path: PropertyKey[]; message: string }): string {
  return `${path.join('.') || 'the document'}: ${message}`
}

function firstOf(problems: readonly string[]): string[] {
  const more = problems.length - SHOWN
  return more > 0 ? [...problems.slice(0, SHOWN), `and ${more} more`] : [...problems]
}
