import type { Row } from './dashboard.ts'
import type { Panel } from './panels/panel.ts'

interface Place {
  readonly x: number
  readonly y: number
  readonly w: number
  readonly h: number
}

const COLUMNS = 24
const HEADING = 1

/** A heading or a panel, and where it is. */
export type Placed =
  | { readonly kind: 'heading'; readonly title: string; readonly place: Place }
  | { readonly kind: 'panel'; readonly panel: Panel; readonly place: Place }

/** Rows from top to bottom, their panels from left to right: without gaps, and as wide as the page. */
export function placed(rows: readonly Row[]): Placed[] {
  let y = 0
  return rows.flatMap(({ title, height, panels }) => {
    const heading: Placed = { kind: 'heading', title, place: { x: 0, y, w: COLUMNS, h: HEADING } }
    const top = y + HEADING
    y = top + height
    let x = 0
    const widths = widthsOf(panels)
    return [
      heading,
      ...panels.map((panel, index): Placed => {
        const w = widths[index] as number
        const place = { x, y: top, w, h: height }
        x += w
        return { kind: 'panel', panel, place }
      }),
    ]
  })
}

/** Those that say nothing share what is left; where it cannot be divided, the first are one wider. */
function widthsOf(panels: readonly Panel[]): number[] {
  const left = COLUMNS - panels.reduce((sum, { width = 0 }) => sum + width, 0)
  const sharing = panels.filter(({ width }) => width === undefined).length
  let wider = sharing === 0 ? 0 : left % sharing
  return panels.map(({ width }) => width ?? Math.floor(left / sharing) + (wider-- > 0 ? 1 : 0))
}
