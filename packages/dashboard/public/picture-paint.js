import { duration } from './format.js'
import { JOB_STATES, signOf } from './states.js'

/** From here on all words can be read; then only names, in larger letters; then only signs, larger too; then only colours. */
const WORDS = 0.6
const NAMES = 0.3
const SIGNS = 0.16
const FONT = 'ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif'

/** The colours of the theme, as the style sheet has them. */
export function readColours() {
  const style = getComputedStyle(document.documentElement)
  const read = (/** @type {string} */ name) => style.getPropertyValue(`--${name}`).trim()
  const names = ['card', 'paper', 'ink', 'ink-soft', 'line', 'line-strong', 'accent', 'critical', ...JOB_STATES]
  return /** @type {Record<string, string>} */ (Object.fromEntries(names.map((name) => [name, read(name)])))
}

/** Draws the needs. Paths are made once per picture, and in pieces, of which only those in sight are drawn. */
export function linePainter() {
  /** @type {{ path: Path2D, left: number, right: number, top: number, bottom: number }[]} */
  let pieces = []
  let critical = new Path2D()
  /** @type {Map<string, any[]>} */
  let ofJob = new Map()
  const PER_PIECE = 64

  return {
    /** @param {any[]} lines */
    take(lines) {
      pieces = []
      ofJob = new Map()
      for (let from = 0; from < lines.length; from += PER_PIECE) {
        const some = lines.slice(from, from + PER_PIECE)
        const piece = { path: new Path2D(), left: Infinity, right: -Infinity, top: Infinity, bottom: -Infinity }
        for (const line of some) {
          curve(piece.path, line.points)
          for (const name of [line.from, line.to]) {
            const known = ofJob.get(name)
            if (known) known.push(line)
            else ofJob.set(name, [line])
          }
          for (let i = 0; i < line.points.length; i += 2) {
            piece.left = Math.min(piece.left, line.points[i])
            piece.right = Math.max(piece.right, line.points[i])
            piece.top = Math.min(piece.top, line.points[i + 1])
            piece.bottom = Math.max(piece.bottom, line.points[i + 1])
          }
        }
        pieces.push(piece)
      }
    },
    /** Which of them are critical: they change while jobs end, the lines do not. @param {readonly string[]} path */
    mark(path) {
      critical = new Path2D()
      for (const [index, name] of path.entries()) {
        const next = path[index + 1]
        const line = ofJob.get(name)?.find((/** @type {any} */ one) => one.from === name && one.to === next)
        if (line) curve(critical, line.points)
      }
    },
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {{ scale: number, colours: Record<string, string>, chosen: string | undefined, critical: boolean,
     *   seen: { left: number, right: number, top: number, bottom: number } }} how
     */
    paint(context, { scale, colours, chosen, critical: showCritical, seen }) {
      context.lineCap = 'round'
      context.strokeStyle = colours['line-strong'] ?? ''
      context.lineWidth = Math.max(1.25, 0.6 / scale)
      for (const { path, left, right, top, bottom } of pieces) {
        if (left <= seen.right && right >= seen.left && top <= seen.bottom && bottom >= seen.top) context.stroke(path)
      }
      if (showCritical) {
        context.strokeStyle = colours['critical'] ?? ''
        context.lineWidth = Math.max(3, 2 / scale)
        context.stroke(critical)
      }
      const lines = chosen === undefined ? [] : (ofJob.get(chosen) ?? [])
      if (lines.length === 0) return
      const path = new Path2D()
      for (const line of lines) curve(path, line.points)
      context.strokeStyle = colours['accent'] ?? ''
      context.lineWidth = Math.max(2.5, 1.6 / scale)
      context.stroke(path)
    },
  }
}

/** Leaves and arrives level. @param {Path2D} path @param {number[]} points */
function curve(path, points) {
  path.moveTo(/** @type {number} */ (points[0]), /** @type {number} */ (points[1]))
  for (let i = 2; i < points.length; i += 2) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = points.slice(i - 2, i + 2)
    if (y0 === y1) path.lineTo(x1, y1)
    else path.bezierCurveTo(x0 + (x1 - x0) / 2, y0, x1 - (x1 - x0) / 2, y1, x1, y1)
  }
}

/** Its beginning and its end: names that are alike often differ there. @param {string} text @param {number} characters */
const shorter = (text, characters) =>
  `${text.slice(0, Math.ceil(characters / 2))}…${text.slice(text.length - Math.floor(characters / 2))}`

/** Draws a job: as much of it as can be seen from there. */
export function jobPainter() {
  const signs = new Map(JOB_STATES.map((state) => [state, new Path2D(signOf(state))]))
  /** @type {Map<string, string>} */
  const cut = new Map()

  /** @param {CanvasRenderingContext2D} context @param {string} text @param {number} width */
  function fitted(context, text, width) {
    const key = `${context.font}${width}${text}`
    const known = cut.get(key)
    if (known !== undefined) return known
    let shown = text
    if (context.measureText(text).width > width) {
      let least = 0
      for (let most = text.length; least < most; ) {
        const middle = Math.ceil((least + most) / 2)
        if (context.measureText(shorter(text, middle)).width <= width) least = middle
        else most = middle - 1
      }
      shown = shorter(text, least)
    }
    if (cut.size > 20_000) cut.clear()
    cut.set(key, shown)
    return shown
  }

  return {
    /**
     * @param {CanvasRenderingContext2D} context
     * @param {{ name: string, x: number, y: number, width: number, height: number }} box
     * @param {any} job
     * @param {{ scale: number, colours: Record<string, string>, now: number, chosen: boolean, critical: boolean }} how
     */
    paint(context, { name, x, y, width, height }, job, { scale, colours, now, chosen, critical }) {
      const state = job?.state ?? 'waiting'
      const colour = colours[state] ?? ''
      const open = state === 'waiting' || state === 'queued' || state === 'delayed'
      if (scale < SIGNS) {
        context.globalAlpha = open ? 0.45 : 1
        context.fillStyle = colour
        context.fillRect(x, y, width, height)
        context.globalAlpha = 1
        if (critical || chosen)
          outline(context, box(x, y, width, height, 0), chosen ? colours['accent'] : colours['critical'], 2 / scale)
        return
      }
      const shape = box(x, y, width, height, 9)
      context.fillStyle = colours['card'] ?? ''
      context.fill(shape)
      context.globalAlpha = open ? 0.07 : 0.16
      context.fillStyle = colour
      context.fill(shape)
      context.globalAlpha = 1
      if (state === 'waiting' || state === 'skipped') context.setLineDash([5, 4])
      outline(context, shape, colour, 1.5)
      context.setLineDash([])
      if (critical) outline(context, box(x - 3, y - 3, width + 6, height + 6, 11), colours['critical'], 2)
      if (chosen) outline(context, box(x - 4, y - 4, width + 8, height + 8, 12), colours['accent'], 3)
      const far = scale < NAMES
      const large = scale < WORDS
      context.save()
      if (far) context.translate(x + width / 2 - 16, y + height / 2 - 16)
      else context.translate(x + 12, y + height / 2 - (large ? 13 : 8))
      if (large) context.scale(far ? 2 : 1.6, far ? 2 : 1.6)
      context.strokeStyle = colour
      context.lineWidth = 2
      context.lineJoin = 'round'
      context.stroke(/** @type {Path2D} */ (signs.get(state) ?? signs.get('waiting')))
      context.restore()
      if (far) return
      context.textBaseline = 'alphabetic'
      context.fillStyle = colours['ink'] ?? ''
      if (large) {
        context.font = `600 ${Math.min(23, Math.round(9.5 / scale))}px ${FONT}`
        context.fillText(fitted(context, name, width - 58), x + 46, y + 32)
        return
      }
      context.font = `600 13px ${FONT}`
      context.fillText(fitted(context, name, width - 50), x + 38, y + 21)
      context.fillStyle = colours['ink-soft'] ?? ''
      context.font = `12px ${FONT}`
      context.fillText(fitted(context, secondLine(job, now), width - 50), x + 38, y + 37)
      if (state === 'active' && typeof job?.progress === 'number') {
        context.fillStyle = colour
        context.fillRect(x + 9, y + height - 4, (width - 18) * Math.min(1, Math.max(0, job.progress / 100)), 3)
      }
    },
  }
}

/** The state, how long the last attempt took or has taken so far, and how many there were: `dead · 23 ms · 2×`. @param {any} job @param {number} now */
function secondLine(job, now) {
  if (!job) return ''
  const { state, startedAt, finishedAt, attempts } = job
  const took = startedAt && (finishedAt || state === 'active') ? ` · ${duration((finishedAt ?? now) - startedAt)}` : ''
  return `${state}${took}${attempts > 1 ? ` · ${attempts}×` : ''}`
}

/** @param {number} x @param {number} y @param {number} width @param {number} height @param {number} radius */
function box(x, y, width, height, radius) {
  const path = new Path2D()
  if (radius > 0) path.roundRect(x, y, width, height, radius)
  else path.rect(x, y, width, height)
  return path
}

/** @param {CanvasRenderingContext2D} context @param {Path2D} path @param {string | undefined} colour @param {number} width */
function outline(context, path, colour, width) {
  context.strokeStyle = colour ?? ''
  context.lineWidth = width
  context.stroke(path)
}
