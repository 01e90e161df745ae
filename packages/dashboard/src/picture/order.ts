import type { Slot } from './layers.ts'

/** After some passes nothing improves that an eye would see. */
const PASSES = 6

/**
 * Orders the slots of each layer so that few lines cross: each moves to the mean place of those it is joined to in the layer
 * before, then in the one behind, and again. Equals keep their order, so the picture of the same workflow is always the same.
 *
 * The barycentre heuristic of Sugiyama, Tagawa and Toda 1981. Cost: O(slots × log slots + lines) per pass.
 */
export function ordered(layers: readonly (readonly Slot[])[]): Slot[][] {
  const order = layers.map((layer) => [...layer])
  const place = new Map<Slot, number>()
  const note = (layer: readonly Slot[]) => {
    for (const [index, slot] of layer.entries()) place.set(slot, (index + 0.5) / layer.length)
  }
  for (const layer of order) note(layer)
  const sort = (layer: Slot[], neighbours: 'from' | 'to') => {
    const wanted = new Map(layer.map((slot) => [slot, mean(slot[neighbours], place) ?? (place.get(slot) as number)]))
    layer.sort((a, b) => (wanted.get(a) as number) - (wanted.get(b) as number))
    note(layer)
  }
  for (let pass = 0; pass < PASSES; pass++) {
    for (const layer of order.slice(1)) sort(layer, 'from')
    for (const layer of order.slice(0, -1).toReversed()) sort(layer, 'to')
  }
  for (const layer of order.slice(1)) sort(layer, 'from')
  return order
}

function mean(slots: readonly Slot[], place: ReadonlyMap<Slot, number>): number | undefined {
  if (slots.length === 0) return undefined
  return slots.reduce((sum, slot) => sum + (place.get(slot) as number), 0) / slots.length
}
