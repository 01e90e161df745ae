import { type Drawn, layered, type Slot } from './layers.ts'
import { ordered } from './order.ts'
import { BOX, GUTTER, type Place, placed, ROW } from './places.ts'

const MARGIN = 24

/** A job; its corner is left and above. */
interface Box {
  readonly name: string
  readonly x: number
  readonly y: number
}

/** A need. */
interface Line {
  readonly from: string
  readonly to: string
  /** x and y by turns, from the right side of one box to the left side of the other. */
  readonly points: readonly number[]
}

export interface Layout {
  readonly width: number
  readonly height: number
  readonly box: typeof BOX
  readonly boxes: readonly Box[]
  readonly lines: readonly Line[]
}

/**
 * Places the jobs of a workflow from left to right, what is needed before what needs it. Sizes in pixels at a zoom of 1.
 *
 * @param jobs in topological order.
 *
 * Cost: about 20 ms for 2,000 jobs. Libraries for graphs of any kind take many seconds for that, and make a fan of 2,000 jobs
 * a hundred thousand pixels tall: docs/adr/0020-a-picture-of-our-own.md.
 */
export function layOut(jobs: readonly Drawn[]): Layout {
  const { layers, lines } = layered(jobs)
  const places = placed(ordered(layers))
  const heights = [...places.values()].map(({ y }) => y)
  const top = least(heights) - BOX.height / 2 - MARGIN
  const at = (slot: Slot): Place => {
    const { left, right, layerLeft, layerRight, y } = places.get(slot) as Place
    return {
      left: left + MARGIN,
      right: right + MARGIN,
      layerLeft: layerLeft + MARGIN,
      layerRight: layerRight + MARGIN,
      y: Math.round(y - top),
    }
  }
  const boxes = [...places.keys()].flatMap((slot) => {
    const { left, y } = at(slot)
    return slot.job === undefined ? [] : [{ name: slot.job, x: left, y: y - BOX.height / 2 }]
  })
  return {
    width: boxes.length === 0 ? 0 : -least(boxes.map(({ x }) => -x)) + BOX.width + MARGIN,
    height: boxes.length === 0 ? 0 : -least(heights.map((y) => -y)) - top + BOX.height / 2 + MARGIN,
    box: BOX,
    boxes,
    lines: lines.map(({ from, to, through }) => ({ from, to, points: pointsOf(through.map(at)) })),
  }
}

function pointsOf(places: readonly Place[]): number[] {
  return places.flatMap((place, index) => {
    if (index === 0) return leaving(place)
    return index === places.length - 1 ? arriving(place) : [place.left, place.y, place.right, place.y]
  })
}

/** Out of the middle of a folded layer between two rows, not through the jobs of its other columns. */
const leaving = ({ right, layerRight, y }: Place): number[] =>
  layerRight === right ? [right, y] : [right, y, right + GUTTER / 2, y + ROW / 2, layerRight, y + ROW / 2]

const arriving = ({ left, layerLeft, y }: Place): number[] =>
  layerLeft === left ? [left, y] : [layerLeft, y - ROW / 2, left - GUTTER / 2, y - ROW / 2, left, y]

/** `Math.min` takes no more arguments than fit on the stack. */
const least = (numbers: readonly number[]) => numbers.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY)
