import { jobPainter, linePainter, readColours } from './picture-paint.js'
import { openView } from './picture-view.js'

/** How far outside the canvas a box may be and still be drawn: its shadow. */
const EDGE = 4

/**
 * Draws a workflow on a canvas: only what is in sight, and less of each job the farther away one is, so that thousands stay
 * fluid.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {{ moved: (scale: number) => void, now: () => number }} told
 */
export function openPicture(canvas, { moved, now }) {
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d'))
  /** @type {any} */
  let graph = { width: 0, height: 0, box: { width: 1, height: 1 }, boxes: [], lines: [] }
  /** @type {Map<string, any>} */
  let boxes = new Map()
  /** @type {Map<string, any>} */
  let jobs = new Map()
  let critical = /** @type {readonly string[]} */ ([])
  let showCritical = true
  /** @type {string | undefined} */
  let chosen
  let colours = readColours()
  let asked = 0
  const lines = linePainter()
  const job = jobPainter()
  const view = openView(canvas, () => {
    moved(view.scale)
    draw()
  })

  function draw() {
    if (asked === 0) asked = requestAnimationFrame(paint)
  }

  function paint() {
    asked = 0
    const begun = performance.now()
    const { ratio } = view
    context.setTransform(1, 0, 0, 1, 0, 0)
    context.clearRect(0, 0, canvas.width, canvas.height)
    context.setTransform(view.scale * ratio, 0, 0, view.scale * ratio, view.x * ratio, view.y * ratio)
    const seen = view.seen(EDGE)
    lines.paint(context, { scale: view.scale, colours, chosen, seen, critical: showCritical })
    const path = new Set(showCritical ? critical : [])
    for (const box of graph.boxes) {
      if (
        box.x > seen.right ||
        box.y > seen.bottom ||
        box.x + graph.box.width < seen.left ||
        box.y + graph.box.height < seen.top
      )
        continue
      const { name } = box
      job.paint(context, { ...box, ...graph.box }, jobs.get(name), {
        scale: view.scale,
        colours,
        now: now(),
        chosen: name === chosen,
        critical: path.has(name),
      })
    }
    canvas.dataset['painted'] = String(Number(canvas.dataset['painted'] ?? 0) + 1)
    canvas.dataset['paintMs'] = (performance.now() - begun).toFixed(1)
  }

  return {
    view,
    draw,
    /** Takes another picture. @param {any} next */
    take(next) {
      const first = graph.boxes.length === 0
      graph = next
      boxes = new Map(next.boxes.map((/** @type {any} */ box) => [box.name, box]))
      critical = next.criticalPath
      lines.take(next.lines)
      lines.mark(critical)
      view.take(next.width, next.height)
      if (first) view.fit()
      draw()
    },
    /** What jobs are now, by name. @param {Map<string, any>} now @param {readonly string[]} path */
    update(now, path) {
      jobs = now
      if (String(path) !== String(critical)) {
        critical = path
        lines.mark(critical)
      }
      draw()
    },
    /** @param {boolean} show */
    showCritical(show) {
      showCritical = show
      draw()
    },
    recolour() {
      colours = readColours()
      draw()
    },
    /** @param {string | undefined} name */
    choose(name) {
      chosen = name
      draw()
    },
    get chosen() {
      return chosen
    },
    /** The job at a point of the canvas. @param {number} x @param {number} y */
    at(x, y) {
      const point = view.toPicture(x, y)
      const { width, height } = graph.box
      const found = graph.boxes.find(
        (/** @type {any} */ box) =>
          point.x >= box.x && point.x <= box.x + width && point.y >= box.y && point.y <= box.y + height,
      )
      return found?.name
    },
    /** Where a job stands on the canvas: its middle. @param {string} name */
    middleOf(name) {
      const box = boxes.get(name)
      return box && view.toCanvas(box.x + graph.box.width / 2, box.y + graph.box.height / 2)
    },
    /** Brings a job into sight. @param {string} name */
    show(name) {
      const box = boxes.get(name)
      if (box) view.show(box.x, box.y, graph.box.width, graph.box.height)
    },
    /** The job in a direction: along a line to the sides, else the nearest in its column. @param {string} name @param {'left' | 'right' | 'up' | 'down'} where */
    next(name, where) {
      if (where === 'left') return graph.lines.find((/** @type {any} */ line) => line.to === name)?.from
      if (where === 'right') return graph.lines.find((/** @type {any} */ line) => line.from === name)?.to
      const from = boxes.get(name)
      const sign = where === 'down' ? 1 : -1
      return graph.boxes
        .filter((/** @type {any} */ box) => box.x === from?.x && (box.y - from.y) * sign > 0)
        .sort((/** @type {any} */ a, /** @type {any} */ b) => (a.y - b.y) * sign)[0]?.name
    },
    get first() {
      return graph.boxes[0]?.name
    },
  }
}
