const CLOSEST = 2
/** So much of the picture stays in sight when it is dragged away, px. */
const KEPT = 80
const MARGIN = 12

/**
 * What part of a picture is in sight: moved by dragging, zoomed by wheel, pinch and buttons.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} changed
 */
export function openView(canvas, changed) {
  let width = 1
  let height = 1
  /** The size of the canvas, px. Asked of the canvas itself, the page would be laid out anew before every frame. */
  let [wide, high] = [canvas.clientWidth, canvas.clientHeight]
  /** The whole picture is in sight, and stays so when the canvas grows or shrinks. */
  let whole = false
  const view = {
    x: 0,
    y: 0,
    scale: 1,
    ratio: 1,
    /** The size of the whole picture. @param {number} w @param {number} h */
    take(w, h) {
      width = Math.max(1, w)
      height = Math.max(1, h)
    },
    fit() {
      const scale = Math.min((wide - 2 * MARGIN) / width, (high - 2 * MARGIN) / height, 1)
      view.scale = Math.max(scale, 0.01)
      view.x = (wide - width * view.scale) / 2
      view.y = (high - height * view.scale) / 2
      whole = true
      changed()
    },
    /** Zooms so that what is at a point of the canvas stays there. @param {number} factor @param {number} [x] @param {number} [y] */
    zoom(factor, x = wide / 2, y = high / 2) {
      const scale = Math.min(CLOSEST, Math.max(farthest(), view.scale * factor))
      view.x = x - ((x - view.x) * scale) / view.scale
      view.y = y - ((y - view.y) * scale) / view.scale
      view.scale = scale
      hold()
    },
    /** @param {number} dx @param {number} dy */
    move(dx, dy) {
      view.x += dx
      view.y += dy
      hold()
    },
    /** @param {number} x @param {number} y @param {number} w @param {number} h */
    show(x, y, w, h) {
      measure() // the panel may have just opened beside it
      if (view.scale < 0.6)
        view.zoom(0.8 / view.scale, view.x + (x + w / 2) * view.scale, view.y + (y + h / 2) * view.scale)
      const { left, top, right, bottom } = view.seen(-20)
      if (x >= left && y >= top && x + w <= right && y + h <= bottom) return
      view.x = wide / 2 - (x + w / 2) * view.scale
      view.y = high / 2 - (y + h / 2) * view.scale
      changed()
    },
    /** What is in sight, in the picture's measures. @param {number} more px around it */
    seen(more) {
      const from = view.toPicture(-more, -more)
      const to = view.toPicture(wide + more, high + more)
      return { left: from.x, top: from.y, right: to.x, bottom: to.y }
    },
    /** @param {number} x @param {number} y */
    toPicture: (x, y) => ({ x: (x - view.x) / view.scale, y: (y - view.y) / view.scale }),
    /** @param {number} x @param {number} y */
    toCanvas: (x, y) => ({ x: x * view.scale + view.x, y: y * view.scale + view.y }),
  }

  const farthest = () => Math.min(0.05, wide / width / 2)

  function measure() {
    wide = canvas.clientWidth
    high = canvas.clientHeight
  }

  function hold() {
    whole = false
    view.x = Math.min(wide - KEPT, Math.max(KEPT - width * view.scale, view.x))
    view.y = Math.min(high - KEPT, Math.max(KEPT - height * view.scale, view.y))
    changed()
  }

  new ResizeObserver(() => {
    measure()
    view.ratio = window.devicePixelRatio || 1
    canvas.width = Math.round(wide * view.ratio)
    canvas.height = Math.round(high * view.ratio)
    if (whole) view.fit()
    else changed()
  }).observe(canvas)
  return view
}

/**
 * Listens to whoever points at the canvas: dragging moves, a click chooses, two fingers and the wheel zoom. The wheel alone
 * scrolls the page until the canvas has the focus.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {ReturnType<typeof openView>} view
 * @param {{ click: (x: number, y: number) => void, hover: (x: number, y: number) => boolean }} told
 */
export function followPointer(canvas, view, { click, hover }) {
  /** @type {Map<number, { x: number, y: number }>} */
  const fingers = new Map()
  let travelled = 0
  const place = (/** @type {MouseEvent} */ event) => ({ x: event.offsetX, y: event.offsetY })
  const apart = () => {
    const [a, b] = [...fingers.values()]
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 0
  }

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId)
    fingers.set(event.pointerId, place(event))
    if (fingers.size === 1) travelled = 0
  })
  canvas.addEventListener('pointermove', (event) => {
    const before = fingers.get(event.pointerId)
    const now = place(event)
    if (!before) {
      canvas.classList.toggle('over', hover(now.x, now.y))
      return
    }
    const wide = apart()
    fingers.set(event.pointerId, now)
    travelled += Math.hypot(now.x - before.x, now.y - before.y)
    canvas.classList.add('dragging')
    if (fingers.size === 1) view.move(now.x - before.x, now.y - before.y)
    else if (wide > 0) view.zoom(apart() / wide, now.x, now.y)
  })
  for (const end of ['pointerup', 'pointercancel']) {
    canvas.addEventListener(end, (event) => {
      const { pointerId, offsetX, offsetY } = /** @type {PointerEvent} */ (event)
      if (!fingers.delete(pointerId)) return
      canvas.classList.remove('dragging')
      if (end === 'pointerup' && travelled < 5) click(offsetX, offsetY)
    })
  }
  canvas.addEventListener(
    'wheel',
    (event) => {
      if (!event.ctrlKey && !event.metaKey && document.activeElement !== canvas) return
      event.preventDefault()
      view.zoom(Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.0015)), event.offsetX, event.offsetY)
    },
    { passive: false },
  )
}
