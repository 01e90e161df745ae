import { DEFAULT_LIMITS, type JobDefinition, type WorkflowDefinition } from '@millrace/shared'
import { payload, range } from './payload.ts'

const noop = (n: number, needs: string[] = []): JobDefinition => ({ task: 'bench.noop', with: payload(n), needs })

/** A workflow of one job. */
export const single = (n: number): WorkflowDefinition => ({ name: 'single', jobs: { only: noop(n) } })

/** Jobs that need nothing, in as few workflows as hold them. */
export function independent(
  count: number,
  job: (n: number) => JobDefinition = noop,
  size: number = DEFAULT_LIMITS.maxJobs,
): WorkflowDefinition[] {
  return range(Math.ceil(count / size)).map((part) => ({
    name: 'independent',
    jobs: Object.fromEntries(range(Math.min(size, count - part * size)).map((n) => [`j${n}`, job(n)])),
  }))
}

/** a, then b and c, then d. */
export const diamond = (n: number): WorkflowDefinition => ({
  name: 'diamond',
  jobs: { a: noop(n), b: noop(n, ['a']), c: noop(n, ['a']), d: noop(n, ['b', 'c']) },
})

/** A root that needs three leaves: what one of BullMQ's flows can be. */
export const tree = (n: number): WorkflowDefinition => ({
  name: 'tree',
  jobs: { x: noop(n), y: noop(n), z: noop(n), root: noop(n, ['x', 'y', 'z']) },
})

/** `count` trees in one workflow. */
export const forest = (count: number): WorkflowDefinition => ({
  name: 'forest',
  jobs: Object.fromEntries(
    range(count).flatMap((n) => [
      ...['x', 'y', 'z'].map((leaf): [string, JobDefinition] => [`${leaf}${n}`, noop(n)]),
      [`root${n}`, noop(n, [`x${n}`, `y${n}`, `z${n}`])],
    ]),
  ),
})

/** Each job needs the one before. */
export const chain = (length: number): WorkflowDefinition => ({
  name: 'chain',
  jobs: Object.fromEntries(range(length).map((n) => [`j${n}`, noop(n, n === 0 ? [] : [`j${n - 1}`])])),
})

export const fanOut = (width: number): WorkflowDefinition => ({
  name: 'fan-out',
  jobs: { first: noop(0), ...Object.fromEntries(range(width).map((n) => [`j${n}`, noop(n, ['first'])])) },
})

export const fanIn = (width: number): WorkflowDefinition => ({
  name: 'fan-in',
  jobs: {
    ...Object.fromEntries(range(width).map((n) => [`j${n}`, noop(n)])),
    last: noop(
      0,
      range(width).map((n) => `j${n}`),
    ),
  },
})

/**
 * A random DAG in twenty layers, the same every time: each job needs `needs` different jobs of the layer before.
 *
 * @param needs default: one, two or three, by chance.
 */
export function layered(count: number, needs?: number): WorkflowDefinition {
  const random = generator()
  const width = Math.max(4, Math.ceil(count / 20))
  const jobs = range(count).map((n): [string, JobDefinition] => {
    const layer = Math.floor(n / width)
    if (layer === 0) return [`j${n}`, noop(n)]
    const wanted = needs ?? 1 + random(3)
    const chosen = new Set<string>()
    while (chosen.size < wanted) chosen.add(`j${(layer - 1) * width + random(width)}`)
    return [`j${n}`, noop(n, [...chosen])]
  })
  return { name: 'layered', jobs: Object.fromEntries(jobs) }
}

/** A linear congruential generator: chance that repeats. */
function generator(): (below: number) => number {
  let seed = 11
  return (below) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((seed / 2_147_483_648) * below)
  }
}
