import type { ColourName } from './colours.ts'

/** Units as Grafana calls them. */
type Unit = 'none' | 'short' | 's' | 'percentunit' | 'bytes' | 'ops' | 'bool_yes_no'

/** What is asked of Prometheus, and what the answer is called. */
export interface Query {
  readonly expr: string
  /** `{{label}}` stands for the value of a label. */
  readonly legend: string
}

/** Value → word. */
export type Words = Readonly<Record<string, { readonly text: string; readonly colour: ColourName }>>

export interface Step {
  /** From this value on, in the unit of the panel. */
  readonly from: number
  readonly colour: ColourName
}

interface Common {
  readonly title: string
  /** What it shows, and what to do when it looks bad. */
  readonly help: string
  readonly unit: Unit
  /** Columns of 24; by default the panels of a row share what is left. */
  readonly width?: number
}

/** Values over time. */
export interface Lines extends Common {
  readonly kind: 'lines'
  readonly queries: readonly Query[]
  /** Areas on top of each other: for parts of a whole. */
  readonly stacked?: boolean
  /** Top of the scale, where there is one. */
  readonly max?: number
  /** May be below zero. */
  readonly signed?: boolean
  /** A dashed line from which on something should be done. */
  readonly limit?: number
}

/** The last value, large, with its course in the background. */
export interface Figure extends Common {
  readonly kind: 'figure'
  readonly query: string
  /** Green below the first. */
  readonly steps?: readonly Step[]
  /** Colour below the first step. Default green. */
  readonly base?: ColourName
  /** What is shown instead of a value. */
  readonly words?: Words
}

/** How many there were of each size over time: from a histogram, or from the values of several series. */
export interface Heat extends Common {
  readonly kind: 'heat'
  readonly query: string
  readonly from: 'histogram' | 'values'
}

/** One row per series, coloured by its value. */
export interface Rows extends Common {
  readonly kind: 'rows'
  readonly query: Query
  /** Value → word and colour; without them the colour goes from green to red. */
  readonly states?: Words
  readonly max?: number
}

interface Column {
  readonly title: string
  readonly query: string
  readonly unit: Unit
  readonly steps?: readonly Step[]
  readonly base?: ColourName
}

/** A table of now: one line per value of the label. */
export interface Table extends Common {
  readonly kind: 'table'
  /** Labels that become the first columns. */
  readonly labels: Readonly<Record<string, string>>
  readonly columns: readonly Column[]
  /** Title of the column by which it is sorted, largest first. */
  readonly sortBy: string
  readonly ascending?: boolean
}

export type Panel = Lines | Figure | Heat | Rows | Table

export const lines = (panel: Omit<Lines, 'kind'>): Lines => ({ kind: 'lines', ...panel })
export const figure = (panel: Omit<Figure, 'kind'>): Figure => ({ kind: 'figure', ...panel })
export const heat = (panel: Omit<Heat, 'kind'>): Heat => ({ kind: 'heat', ...panel })
export const rows = (panel: Omit<Rows, 'kind'>): Rows => ({ kind: 'rows', ...panel })
export const table = (panel: Omit<Table, 'kind'>): Table => ({ kind: 'table', ...panel })
