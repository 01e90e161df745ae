import type { Slot } from './layers.ts'
import { spread } from './spread.ts'

/** Sizes in pixels at a zoom of 1. */
export const BOX = { width: 196, height: 48 } as const
/** From the middle of a box to that of the one below. */
export const ROW = BOX.height + 16
/** Between the columns of a folded layer. */
export const GUTTER = 24
const COLUMN = BOX.width + GUTTER
const BETWEEN_LAYERS = 84
/** The height that a line needs which only passes through. */
const THREAD = 18
/** Width to height that a picture should have, as far as its jobs allow it. */
const SHAPE = 1.6
/** A layer with fewer jobs is never folded. */
const LEAST_ROWS = 12
/** How often places are brought in line with their neighbours. */
const PASSES = 4

/** Where a slot is: from `left` to `right`, its middle at the height `y`; its layer may reach farther on either side. */
export interface Place {
  readonly left: number
  readonly right: number
  readonly layerLeft: number
  readonly layerRight: number
  y: number
}

/** Gives every slot its place. Layers stand side by side; within them, slots are near those that they are joined to. */
export function placed(layers: readonly (readonly Slot[])[]): ReadonlyMap<Slot, Place> {
  const places = new Map<Slot, Place>()
  const tallest = tallestOf(layers.length)
  let left = 0
  for (const layer of layers) left += fold(layer, tallest, left, places) + BETWEEN_LAYERS
  const loose = layers.filter((layer) => jobsOf(layer).length <= tallest)
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

/**
 * A layer with more jobs is folded into columns, or the picture would be a tower in which nobody sees anything: the more
 * layers there are, the taller they may be.
 */
const tallestOf = (layers: number) =>
  Math.max(LEAST_ROWS, Math.round((layers * (BOX.width + BETWEEN_LAYERS)) / SHAPE / ROW))

/** Places a layer around the height 0, and gives its width. */
function fold(layer: readonly Slot[], tallest: number, left: number, places: Map<Slot, Place>): number {
  const jobs = jobsOf(layer)
  const rows =
    jobs.length > tallest ? Math.max(tallest, Math.ceil(Math.sqrt((jobs.length * COLUMN) / ROW / SHAPE))) : jobs.length
  const columns = Math.max(1, Math.ceil(jobs.length / Math.max(rows, 1)))
  const width = columns * COLUMN - GUTTER
  const sides = { layerLeft: left, layerRight: left + width }
  if (columns === 1) {
    const ys = spread(Array<number>(layer.length).fill(0), gapsOf(layer))
    for (const [index, slot] of layer.entries())
      places.set(slot, { ...sides, left, right: left + width, y: ys[index] as number })
    return width
  }
  const top = (-(rows - 1) * ROW) / 2
  for (const [index, slot] of jobs.entries()) {
    const from = left + Math.floor(index / rows) * COLUMN
    places.set(slot, { ...sides, left: from, right: from + BOX.width, y: top + (index % rows) * ROW })
  }
  const threads = layer.filter(({ job }) => job === undefined)
  for (const [index, slot] of threads.entries()) {
    places.set(slot, { ...sides, left, right: left + width, y: top + rows * ROW + index * THREAD })
  }
  return width
}

/** From the middle of each slot to the middle of the one above it. */
function gapsOf(layer: readonly Slot[]): number[] {
  const half = ({ job }: Slot) => (job === undefined ? THREAD : ROW) / 2
  return layer.map((slot, index) => (index === 0 ? 0 : half(layer[index - 1] as Slot) + half(slot)))
}

/** Jobs count, and lines that pass through only where there are no jobs: so what belongs together stands in one line. */
function meanHeight(slots: readonly Slot[], places: ReadonlyMap<Slot, Place>): number | undefined {
  const jobs = jobsOf(slots)
  const near = jobs.length > 0 ? jobs : slots
  if (near.length === 0) return undefined
  return near.reduce((sum, slot) => sum + (places.get(slot) as Place).y, 0) / near.length
}
