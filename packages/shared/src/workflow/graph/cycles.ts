import type { Node } from './dependents.ts'

/**
 * Finds jobs that wait for each other: one shortest cycle for every group of jobs that are entangled.
 *
 * @returns paths such as `['a', 'c', 'b', 'a']`: each job needs the next, and the first, which is the earliest of its
 *   group in `jobs`, closes the path. Ordered by that first job. Empty when the jobs form a DAG.
 *
 * O(jobs + needs), without recursion. After Tarjan 1972, "Depth-first search and linear graph algorithms",
 * SIAM J. Comput. 1(2).
 */
export function findCycles(jobs: readonly Node[]): string[][] {
  if (jobs.every(({ needs }) => needs.length === 0)) return []
  const needs = new Map(jobs.map((job) => [job.name, job.needs]))
  const groups = entangled(jobs, needs)
  const cycles: string[][] = []
  const told = new Set<number>()
  for (const { name } of jobs) {
    const group = groups.get(name)!
    if (told.has(group.id) || (group.size === 1 && !needs.get(name)!.includes(name))) continue
    told.add(group.id)
    cycles.push(shortestWayBack(name, (need) => (groups.get(need)?.id === group.id ? needs.get(need)! : [])))
  }
  return cycles
}

interface Group {
  readonly id: number
  size: number
}

/** Job name → its strongly connected component. */
function entangled(jobs: readonly Node[], needs: ReadonlyMap<string, readonly string[]>): Map<string, Group> {
  const groups = new Map<string, Group>()
  const number = new Map<string, number>()
  const low = new Map<string, number>()
  const pending: string[] = []

  for (const { name: start } of jobs) {
    if (number.has(start)) continue
    const open: { name: string; next: number }[] = []
    const enter = (name: string) => {
      number.set(name, number.size)
      low.set(name, number.get(name)!)
      pending.push(name)
      open.push({ name, next: 0 })
    }
    enter(start)
    for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
      const { name } = top
      const need = needs.get(name)![top.next++]
      if (need === undefined) {
        open.pop()
        const below = open.at(-1)
        if (below) low.set(below.name, Math.min(low.get(below.name)!, low.get(name)!))
        if (low.get(name) === number.get(name)) closeGroup(name, pending, groups)
      } else if (!number.has(need)) {
        if (needs.has(need)) enter(need)
      } else if (!groups.has(need)) {
        low.set(name, Math.min(low.get(name)!, number.get(need)!))
      }
    }
  }
  return groups
}

function closeGroup(root: string, pending: string[], groups: Map<string, Group>): void {
  const group: Group = { id: groups.size, size: 0 }
  let member: string
  do {
    member = pending.pop()!
    groups.set(member, group)
    group.size++
  } while (member !== root)
}

/** Breadth first from `start` to `start`; there is such a way, because its group is strongly connected. */
function shortestWayBack(start: string, needsOf: (name: string) => readonly string[]): string[] {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const name of queue) {
    for (const need of needsOf(name)) {
      if (need === start) {
        const back = [start]
        for (let step = name; step !== start; step = cameFrom.get(step)!) back.push(step)
        return [start, ...back.reverse()]
      }
      if (!cameFrom.has(need)) {
        cameFrom.set(need, name)
        queue.push(need)
      }
    }
  }
  return [start]
}
