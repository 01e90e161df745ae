import { html, type Markup } from './html.ts'

export interface Slice {
  readonly label: string
  readonly value: number
  /** The value with its unit. */
  readonly shown: string
  /** Number of a colour of the page, from 1. */
  readonly colour: number
}

const RADIUS = 70
const ROUND = 2 * Math.PI * RADIUS

/** A ring whose parts are as long as their values; what it shows is in its title too. */
export function ring(slices: readonly Slice[], title: string, centre: string, unit: string): Markup {
  const whole = slices.reduce((sum, { value }) => sum + value, 0)
  let begun = 0
  const arcs = slices.map(({ label, value, shown, colour }) => {
    const length = whole === 0 ? 0 : (ROUND * value) / whole
    const gap = slices.length > 1 ? Math.min(2, length / 2) : 0
    const arc = html`<circle r="${RADIUS}" class="arc c${colour}" stroke-dasharray="${(length - gap).toFixed(2)} ${ROUND.toFixed(2)}"
      stroke-dashoffset="${(-begun).toFixed(2)}"><title>${label}: ${shown}</title></circle>`
    begun += length
    return arc
  })
  return html`<svg class="ring" viewBox="-100 -100 200 200" role="img" aria-label="${title}">
    <circle r="${RADIUS}" class="arc empty"/><g transform="rotate(-90)">${arcs}</g>
    <text class="centre" y="2">${centre}</text><text class="unit" y="22">${unit}</text></svg>`
}

export interface Column {
  readonly label: string
  readonly value: number
}

const [COLUMN, HEIGHT] = [66, 150]

/** Columns side by side, with the value above and the label below each. */
export function columns(values: readonly Column[], title: string): Markup {
  const most = Math.max(1, ...values.map(({ value }) => value))
  const bars = values.map(({ label, value }, index) => {
    const height = value === 0 ? 1 : Math.max(3, (HEIGHT * value) / most)
    const [x, middle] = [index * COLUMN + 7, index * COLUMN + COLUMN / 2]
    return html`<rect class="bar" x="${x}" y="${(HEIGHT + 20 - height).toFixed(1)}" width="${COLUMN - 14}" height="${height.toFixed(1)}" rx="3"/>
      <text class="value" x="${middle}" y="${(HEIGHT + 13 - height).toFixed(1)}">${value.toLocaleString('en-US')}</text>
      <text class="label" x="${middle}" y="${HEIGHT + 38}">${label}</text>`
  })
  return html`<svg class="columns" viewBox="0 0 ${values.length * COLUMN} ${HEIGHT + 46}" role="img" aria-label="${title}">${bars}</svg>`
}

/** One bar of a list of bars: a share of the widest. */
export function bar(value: number, most: number, colour = 1): Markup {
  const width = most === 0 ? 0 : Math.max(0.5, (100 * value) / most)
  return html`<svg class="hbar" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect class="track" width="100" height="8"/><rect class="fill c${colour}" width="${width.toFixed(2)}" height="8"/></svg>`
}
