import type { JobView } from '@millrace/shared'
import type { Drawn } from './layers.ts'

/**
 * The jobs as they are drawn, in topological order. A job that another spawned stands behind its spawner, and before what needs
 * the spawner: that waits for it too. Where another need stands between, one line from the spawner says as much as many.
 */
export function drawnOf(jobs: readonly Pick<JobView, 'name' | 'needs'>[]): Drawn[] {
  const names = new Set(jobs.map(({ name }) => name))
  const spawned = new Map<string, string[]>()
  const spawnerOf = (name: string) => {
    const spawner = name.slice(0, Math.max(0, name.lastIndexOf('.')))
    return names.has(spawner) ? spawner : undefined
  }
  for (const { name } of jobs) {
    const spawner = spawnerOf(name)
    if (spawner === undefined) continue
    const family = spawned.get(spawner)
    if (family) family.push(name)
    else spawned.set(spawner, [name])
  }
  const needsOf = new Map(jobs.map(({ name, needs }) => [name, new Set(needs)]))
  const drawn = jobs.map(({ name, needs }): Drawn => {
    const spawner = spawnerOf(name)
    const isNeededBetween = (need: string) => needs.some((other) => needsOf.get(other)?.has(need))
    const all = needs.flatMap((need) => {
      const family = isNeededBetween(need) ? undefined : spawned.get(need)
      return family?.filter((one) => one !== name) ?? [need]
    })
    return { name, needs: [...new Set(spawner === undefined ? all : [spawner, ...all])] }
  })
  return inTopologicalOrder(drawn)
}

function inTopologicalOrder(jobs: readonly Drawn[]): Drawn[] {
  const byName = new Map(jobs.map((job) => [job.name, job]))
  const done = new Set<Drawn>()
  const begun = new Set<Drawn>()
  for (const first of jobs) {
    const stack = [first]
    for (let job = stack.at(-1); job; job = stack.at(-1)) {
      const open = begun.has(job) ? [] : job.needs.flatMap((need) => byName.get(need) ?? [])
      begun.add(job)
      stack.push(...open.filter((need) => !begun.has(need)))
      if (stack.at(-1) !== job) continue
      done.add(job)
      stack.pop()
    }
  }
  return [...done]
}
