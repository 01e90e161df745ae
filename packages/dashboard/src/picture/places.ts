import type { Slot } from './layers.ts'
import { spread } from './spread.ts'

/** Sizes in pixels at a zoom of 1. */
export const BOX = { width: 196, height: 48 } as const
const ROW = BOX.height + 16
const COLUMN = BOX.width + 24
const BETWEEN_LAYERS = 84
/** The height that a line needs which only passes through. */
const THREAD = 18
/** A layer with more jobs is folded into columns: a picture of a thousand rows shows nobody anything. */
const TALLEST = 60
/** A folded layer has at least so many rows. */
const LEAST_ROWS = 24
/** Width to height of a folded layer. */
const SHAPE = 1.6
/** How often places are brought in line with their neighbours. */
const PASSES = 4

/** Where a slot is: from `left` to `right`, its middle at the height `y`. */
export interface Place {
  readonly left: number
  readonly right: number
  y: number
}

/** Gives every slot its place. Layers stand side by side; within them, slots are near those that they are joined to. */
export function placed(layers: readonly (readonly Slot[])[]): ReadonlyMap<Slot, Place> {
  const places = new Map<Slot, Place>()
  let left = 0
  for (const layer of layers) left += fold(layer, left, places) + BETWEEN_LAYERS
  const loose = layers.filter((layer) => !isFolded(layer))
  const align = (layer: readonly Slot[], near: (slot: Slot) => readonly Slot[]) => {
    const ys = layer.map((slot) => meanHeight(near(slot), places) ?? (places.get(slot) as Place).y)
    for (const [index, y] of spread(ys, gapsOf(layer)).entries()) (places.get(layer[index] as Slot) as Place).y = y
  }
  for (let pass = 0; pass < PASSES; pass++) {
    for (const layer of loose) align(layer, ({ from }) => from)
    for (const layer of loose.toReversed()) align(layer, ({ to }) => to)
  }
  for (const layer of loose) align(layer, ({ from, to }) => [...from, ...to])
  return places
}

const jobsOf = (layer: readonly Slot[]) => layer.filter(({ job }) => job !== undefined)
const isFolded = (layer: readonly Slot[]) => jobsOf(layer).length > TALLEST

/** Places a layer around the height 0, and gives its width. */
function fold(layer: readonly Slot[], left: number, places: Map<Slot, Place>): number {
  const jobs = jobsOf(layer)
  const rows = isFolded(layer)
    ? Math.max(LEAST_ROWS, Math.ceil(Math.sqrt((jobs.length * COLUMN) / ROW / SHAPE)))
    : jobs.length
  const columns = Math.max(1, Math.ceil(jobs.length / Math.max(rows, 1)))
  const width = columns * COLUMN - (COLUMN - BOX.width)
  if (columns === 1) {
    const ys = spread(Array<number>(layer.length).fill(0), gapsOf(layer))
    for (const [index, slot] of layer.entries()) places.set(slot, { left, right: left + width, y: ys[index] as number })
    return width
  }
  const top = (-(rows - 1) * ROW) / 2
  for (const [index, slot] of jobs.entries()) {
    const from = left + Math.floor(index / rows) * COLUMN
    places.set(slot, { left: from, right: from + BOX.width, y: top + (index % rows) * ROW })
  }
  const threads = layer.filter(({ job }) => job === undefined)
  for (const [index, slot] of threads.entries()) {
    places.set(slot, { left, right: left + width, y: top + rows * ROW + index * THREAD })
  }
  return width
}

/** From the middle of each slot to the middle of the one above it. */
function gapsOf(layer: readonly Slot[]): number[] {
  const half = ({ job }: Slot) => (job === undefined ? THREAD : ROW) / 2
  return layer.map((slot, index) => (index === 0 ? 0 : half(layer[index - 1] as Slot) + half(slot)))
}

function meanHeight(slots: readonly Slot[], places: ReadonlyMap<Slot, Place>): number | undefined {
  if (slots.length === 0) return undefined
  return slots.reduce((sum, slot) => sum + (places.get(slot) as Place).y, 0) / slots.length
}
