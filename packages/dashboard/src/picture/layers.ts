/** A job as far as a picture of the needs is concerned. */
export interface Drawn {
  readonly name: string
  readonly needs: readonly string[]
}

/** A place in a layer: of a job, or of a line that passes through on its way to a later layer. */
export interface Slot {
  /** Absent for a line that passes through. */
  readonly job: string | undefined
  /** Slots of the layer before that lead here. */
  readonly from: Slot[]
  /** Slots of the layer behind that this leads to. */
  readonly to: Slot[]
}

export interface Layers {
  readonly layers: readonly (readonly Slot[])[]
  /** Per need, the slots that its line goes through, both ends included. */
  readonly lines: readonly { readonly from: string; readonly to: string; readonly through: readonly Slot[] }[]
}

/**
 * Puts every job one layer behind the last of its needs. A line that is longer than one layer gets a slot in each layer that it
 * passes, so that it goes around jobs and not through them; all lines that leave the same job share these slots.
 *
 * After Sugiyama, Tagawa and Toda 1981, "Methods for visual understanding of hierarchical system structures", IEEE SMC 11(2).
 *
 * @param jobs in topological order; needs that are not among them are left out.
 *
 * Cost: O(jobs × layers + needs).
 */
export function layered(jobs: readonly Drawn[]): Layers {
  const depth = new Map<string, number>()
  for (const { name, needs } of jobs) {
    depth.set(
      name,
      needs.reduce((deepest, need) => Math.max(deepest, (depth.get(need) ?? -1) + 1), 0),
    )
  }
  const layers: Slot[][] = []
  const add = (job: string | undefined, layer: number): Slot => {
    const slot: Slot = { job, from: [], to: [] }
    layers[layer] ??= []
    layers[layer].push(slot)
    return slot
  }
  const slots = new Map(jobs.map(({ name }) => [name, add(name, depth.get(name) ?? 0)]))
  const trunks = new Map<string, Slot[]>() // a job → its slots, layer after layer, itself first
  const lines = jobs.flatMap(({ name, needs }) =>
    needs.flatMap((need) => {
      const [from, to] = [slots.get(need), slots.get(name)]
      if (!from || !to) return []
      const between = (depth.get(name) ?? 0) - (depth.get(need) ?? 0) - 1
      const trunk = trunks.get(need) ?? [from]
      trunks.set(need, trunk)
      while (trunk.length <= between) {
        const last = trunk.at(-1) as Slot
        const next = add(undefined, (depth.get(need) ?? 0) + trunk.length)
        join(last, next)
        trunk.push(next)
      }
      join(trunk[between] as Slot, to)
      return [{ from: need, to: name, through: [...trunk.slice(0, between + 1), to] }]
    }),
  )
  return { layers, lines }
}

function join(from: Slot, to: Slot): void {
  from.to.push(to)
  to.from.push(from)
}
