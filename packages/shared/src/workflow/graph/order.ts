import type { Node } from './dependents.ts'

/**
 * Orders jobs so that each stands after its needs. The given order is kept where it is free: a job moves only to stand
 * in front of one that needs it. Needs that are no job of the list are ignored.
 *
 * Expects no cycles (see findCycles); with one, the order is still complete, but some needs stand late.
 * O(jobs + needs), without recursion: chains may be as long as a workflow.
 */
export function topologicalOrder<Job extends Node>(jobs: readonly Job[]): Job[] {
  if (jobs.every(({ needs }) => needs.length === 0)) return [...jobs]
  const position = new Map(jobs.map((job, index) => [job.name, index]))
  const needsOf = (job: Job) => positionsOf(job.needs, position)
  const seen = new Set<number>()
  const ordered: Job[] = []

  for (const start of jobs.keys()) {
    if (seen.has(start)) continue
    seen.add(start)
    const open = [{ index: start, needs: needsOf(jobs[start]!), next: 0 }]
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const need = top.needs[top.next++]
      if (need === undefined) {
        ordered.push(jobs[top.index]!)
        open.pop()
      } else if (!seen.has(need)) {
        seen.add(need)
        open.push({ index: need, needs: needsOf(jobs[need]!), next: 0 })
      }
    }
  }
  return ordered
}

function positionsOf(names: readonly string[], position: ReadonlyMap<string, number>): number[] {
  const found: number[] = []
  for (const name of names) {
    const index = position.get(name)
    if (index !== undefined) found.push(index)
  }
  return found.length > 1 ? found.sort((a, b) => a - b) : found
}
