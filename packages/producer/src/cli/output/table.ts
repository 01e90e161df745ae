import type { Look, Style } from './look.ts'
import { cut, pad, widthOf } from './width.ts'

interface Cell {
  readonly text: string
  readonly style?: Style
}

export interface Column<Row> {
  readonly title: string
  readonly cell: (row: Row) => string | Cell
  readonly align?: 'right'
  /** The column may be cut to this width. Without it, it never is: ids are there to be copied. */
  readonly least?: number
  /** The column goes when the terminal is too narrow, the highest number first. */
  readonly drop?: number
}

interface Sized<Row> extends Column<Row> {
  readonly cells: readonly Cell[]
  readonly natural: number
}

const GAP = '  '

/**
 * Rows under titles, aligned and cut to the width of the terminal; columns without any content are left out. When
 * even the narrowest form does not fit, each row becomes a block of `title value` lines, so that nothing is lost.
 */
export function renderTable<Row>(columns: readonly Column<Row>[], rows: readonly Row[], look: Look): string {
  let shown = columns.map((column) => sized(column, rows)).filter(({ cells }) => cells.some(({ text }) => text !== ''))
  for (;;) {
    const widths = fit(shown, look.width)
    if (widths) return lines(shown, widths, rows.length, look)
    const last = shown.reduce((most, { drop = 0 }) => Math.max(most, drop), 0)
    if (last === 0) return blocks(shown, rows.length, look)
    shown = shown.filter(({ drop }) => drop !== last)
  }
}

function sized<Row>(column: Column<Row>, rows: readonly Row[]): Sized<Row> {
  const cells = rows.map((row) => {
    const cell = column.cell(row)
    return typeof cell === 'string' ? { text: cell } : cell
  })
  const natural = Math.max(widthOf(column.title), ...cells.map(({ text }) => widthOf(text)))
  return { ...column, cells, natural }
}

/** The widths to use, or `undefined` when the columns do not fit however much they are cut. */
function fit<Row>(columns: readonly Sized<Row>[], width: number): number[] | undefined {
  const widths = columns.map(({ natural }) => natural)
  const floors = columns.map(({ natural, least }) => Math.min(natural, least ?? natural))
  let excess = sum(widths) + GAP.length * (columns.length - 1) - width
  while (excess > 0) {
    const slack = widths.map((value, index) => value - (floors[index] as number))
    const most = Math.max(...slack)
    if (most <= 0) return undefined
    const widest = slack.indexOf(most)
    const taken = Math.min(excess, Math.ceil(most / 2)) // in steps, so that several long columns share the loss
    widths[widest] = (widths[widest] as number) - taken
    excess -= taken
  }
  return widths
}

function lines<Row>(columns: readonly Sized<Row>[], widths: readonly number[], count: number, look: Look): string {
  const line = (cells: readonly Cell[]) =>
    cells
      .map(({ text, style }, index) => {
        const column = columns[index] as Sized<Row>
        const padded = pad(cut(text, widths[index] as number), widths[index] as number, column.align)
        const trimmed = index === columns.length - 1 ? padded.trimEnd() : padded
        return style ? look.paint(style, trimmed) : trimmed
      })
      .join(GAP)
      .trimEnd()
  const head = line(columns.map(({ title }) => ({ text: title.toUpperCase(), style: 'dim' })))
  const body = Array.from({ length: count }, (_, row) => line(columns.map(({ cells }) => cells[row] as Cell)))
  return [head, ...body].join('\n')
}

function blocks<Row>(columns: readonly Sized<Row>[], count: number, look: Look): string {
  const titles = Math.max(0, ...columns.slice(1).map(({ title }) => widthOf(title)))
  return Array.from({ length: count }, (_, row) =>
    columns
      .map(({ title, cells }, index) => {
        const { text, style } = cells[row] as Cell
        const value = style ? look.paint(style, text) : text
        return index === 0 ? look.paint('bold', text) : `  ${look.paint('dim', pad(title, titles))}  ${value}`
      })
      .join('\n'),
  ).join('\n\n')
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
